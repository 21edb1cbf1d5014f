package export

import (
	"fmt"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// The bounds of a pause (AWS FIS User Guide, aws:s3:bucket-pause-replication).
const (
	usualMinutes = 15
	mostMinutes  = 12 * 60
)

// bucketsTarget and pauseAction name what an experiment is about and what it does.
const (
	bucketsTarget = "Buckets"
	pauseAction   = "Pause"
	bucketType    = "aws:s3:bucket"
	pauseID       = "aws:s3:bucket-pause-replication"
	alarmSource   = "aws:cloudwatch:alarm"
)

func pauseTitle(w *wanted.Documents, d pair.Direction) string {
	return oneLine(fmt.Sprintf("pause %s: %s to %s", d.Slug(), w.Pair.From(d).Bucket, w.Pair.To(d).Bucket))
}

// drillHead says what a pause of a template does and does not do, and how its
// buckets are found.
func drillHead(w *wanted.Documents) []string {
	lines := []string{
		"The pause of a drill of two-way replication between " + oneLine(w.Pair.A.String()) + " and " + oneLine(w.Pair.B.String()) + ",",
		"as experiment templates of AWS FIS, one for each direction in the Region of its source;",
		"written by bothways. FIS pauses every rule from one bucket to the other, and what is",
		"written meanwhile arrives afterwards. It measures nothing and compares nothing: bothways",
		"drill --kind pause does, and takes away all that it makes. AWS charges 0.10 USD a minute",
		"of each experiment, and 0.12 USD in the GovCloud Regions.",
		"",
		"FIS finds buckets by their tags alone. Tag both once; the other tags stay:",
	}
	for _, name := range pair.Sides() {
		side := w.Pair.Side(name)
		lines = append(lines, oneLine("  aws s3control tag-resource --region "+side.Region+" --account-id "+w.Sides[name].Account+
			" --resource-arn "+side.BucketARN()+" --tags Key="+pair.PauseTagKey+",Value="+w.Pair.PauseMark(name)))
	}
	return append(lines, "",
		"An alarm of CloudWatch as stop condition ends a pause early: one of what must not",
		"happen meanwhile, in the Region of the template. Without one only the time ends it.")
}

// scheduleHead shows how EventBridge Scheduler starts the experiments.
func scheduleHead() []string {
	return []string{
		"To run them on a schedule, give EventBridge Scheduler a role that it may take",
		"(scheduler.amazonaws.com), with fis:StartExperiment on the template and on experiment/*,",
		"and one schedule a Region with the same expression, so that both begin together:",
	}
}
