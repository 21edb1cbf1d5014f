package cause

import (
	"slices"
	"strings"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/replication/doctor"
)

const (
	// mostReasons bounds how many of the doctor's troubles are evidence.
	mostReasons = 3
	// longUpload is for how long an upload in parts is taken to last at most.
	longUpload = 24 * time.Hour
)

// causeOf is what a trouble of the doctor is among the causes.
func causeOf(c doctor.Cause) difference.Cause {
	if slices.Contains([]doctor.Cause{doctor.CauseRole, doctor.CauseTrust, doctor.CausePolicy, doctor.CauseBucketPolicy, doctor.CauseKMS}, c) {
		return difference.MissingRight
	}
	return difference.BrokenRule
}

// tellReasons adds what is wrong with a direction.
func tellReasons(d *difference.Difference, way way, reasons []doctor.Trouble) {
	for _, t := range reasons[:min(mostReasons, len(reasons))] {
		text := "wrong " + way.direction.Arrow() + " now: " + t.Title
		switch t.Certainty {
		case doctor.Likely:
			text = "likely " + text
		case doctor.Conceivable:
			text = "perhaps " + text
		case doctor.Certain:
		}
		if t.Missing != "" && !strings.Contains(t.Title, t.Missing) {
			text += " (" + t.Missing + ")"
		}
		say(d, "%s", text)
	}
	if more := len(reasons) - mostReasons; more > 0 {
		say(d, "bothways doctor names %d more", more)
	}
}

// replicate is what a batch job puts right, once the direction works.
func replicate(d *difference.Difference, way way, reasons []doctor.Trouble) difference.Remedy {
	if len(reasons) == 0 {
		return difference.Replicate
	}
	tellReasons(d, way, reasons)
	return difference.Repair
}

// multipart says whether an ETag is that of an upload in parts: their number
// follows a hyphen (S3 User Guide, "Checking object integrity").
func multipart(etag string) bool { return strings.Contains(etag, "-") }
