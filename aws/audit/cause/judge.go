package cause

import (
	"fmt"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// nullID is the version ID of what was written while versioning was off or
// suspended (S3 User Guide, "Working with objects in a versioning-suspended
// bucket"): a later write replaces it.
const nullID = "null"

// judge says what a candidate is, from all that was read.
func (w world) judge(c difference.Candidate, f facts) difference.Difference {
	d := difference.Difference{Candidate: c, StatusA: f[pair.A].status, StatusB: f[pair.B].status, Asked: f.asked()}
	switch c.Kind {
	case difference.OneSided:
		w.oneSided(&d, f)
	case difference.OtherETag:
		w.otherETag(&d, f)
	case difference.OtherSize, difference.OtherKind:
		w.otherThing(&d, f)
	case difference.OtherTime:
		w.otherTime(&d)
	case difference.OtherCurrent:
		w.otherCurrent(&d, f)
	default:
		unknownOf(&d, fmt.Sprintf("this version of bothways does not know the kind %q", c.Kind))
	}
	return d
}

func (f facts) asked() bool { return f[pair.A].state != unasked || f[pair.B].state != unasked }

// say adds evidence.
func say(d *difference.Difference, format string, values ...any) {
	d.Evidence = append(d.Evidence, fmt.Sprintf(format, values...))
}

// is sets what a difference is.
func is(d *difference.Difference, v difference.Verdict, c difference.Cause, r difference.Remedy) {
	d.Verdict, d.Cause, d.Remedy = v, c, r
}

// unknownOf is what can't be told, and why.
func unknownOf(d *difference.Difference, why string) {
	is(d, difference.Unknown, difference.Undetermined, difference.Look)
	say(d, "%s", why)
}

// oneSided judges what one side alone has.
func (w world) oneSided(d *difference.Difference, f facts) {
	side := d.Only()
	way := w.ways[from(side)]
	here, other, e := f[side], f[side.Other()], d.Entry()
	direction := way.direction
	d.Direction = &direction
	say(d, "only %s has it, written on %s", side, instant(e.Modified))
	if e.Marker {
		switch {
		case here.state == absent:
			passed(d, "%s no longer has the marker", side)
		case other.state == marker:
			passed(d, "%s has the marker by now", side.Other())
		default:
			w.marker(d, way, f)
		}
		return
	}
	switch {
	case here.state == absent || here.state == marker:
		passed(d, "%s no longer has the version", side)
		return
	case !here.found():
		unknownOf(d, here.why)
		return
	case other.found() && e.VersionID == nullID && !alikeNull(here, other):
		unknownOf(d, "a null version came to "+string(side.Other())+" while this was looked at: look again")
		return
	case other.found():
		passed(d, "%s has it by now", side.Other())
		return
	case other.state != absent && other.state != unasked && other.state != marker:
		say(d, "whether %s still lacks it is as its listing says: %s", side.Other(), other.why)
	}
	switch here.status {
	case pending:
		say(d, "HEAD on %s reads PENDING", side)
		w.pending(d, way, here, e)
	case failed:
		say(d, "HEAD on %s reads FAILED: S3 has given it up, and says why in event notifications only", side)
		w.failed(d, way, here)
	case complete:
		say(d, "HEAD on %s reads COMPLETED", side)
		w.completed(d, way, f)
	case replica:
		say(d, "HEAD on %s reads REPLICA: it came from another bucket", side)
		w.replicaAlone(d, way, f)
	case "":
		say(d, "HEAD on %s shows no replication status: no rule took it", side)
		w.neverTaken(d, way, here)
	default:
		unknownOf(d, fmt.Sprintf("HEAD on %s reads %q, which is no status that AWS documents", side, here.status))
	}
	if here.archived && (d.Remedy == difference.Replicate || d.Remedy == difference.CopyInPlace || d.Remedy == difference.Repair || d.Remedy == difference.Widen) {
		say(d, "it lies in %s: it has to be restored before it can be copied, and Batch Replication takes nothing out of an archive", archiveWords(here))
		d.Remedy = difference.Restore
	}
	if d.Remedy == difference.Replicate && d.Hidden() {
		say(d, "%s has deleted the file since, and that deletion is not what %s serves: brought there alone it could be read again", side, side.Other())
		d.Remedy = difference.ReplicateHidden
	}
	if here.lock != "" {
		say(d, "on %s it is %s", side, here.lock)
	}
}

func archiveWords(f fact) string {
	switch {
	case f.class == "" || f.class == "INTELLIGENT_TIERING":
		return "an archive tier of Intelligent-Tiering"
	case f.restored:
		return f.class + ", with a restored copy beside it"
	}
	return f.class
}

func passed(d *difference.Difference, format string, side pair.SideName) {
	is(d, difference.Passed, difference.NoCause, difference.NoRemedy)
	say(d, format, side)
}

// alikeNull says whether two null versions are the same content, as far as
// checksums tell.
func alikeNull(a, b fact) bool {
	same, known, _ := sameSums(a, b)
	return same && known
}

// pending judges what S3 has not given up.
func (w world) pending(d *difference.Difference, way way, here fact, e difference.Entry) {
	age := here.at.Sub(e.Modified)
	limit := way.times.limit(e.Size)
	say(d, "it is %s old; %s", wording.Duration(age), way.times.words(e.Size))
	if multipart(e.ETag) && age > limit {
		say(d, "it was uploaded in parts, and S3 gives the time at which such an upload began: it may be younger")
		if age-limit < longUpload {
			is(d, difference.Unknown, difference.Undetermined, difference.Wait)
			say(d, "whether it is late can't be told until it is a day older than what it is held against")
			return
		}
	}
	if age <= limit {
		is(d, difference.InFlight, difference.NoCause, difference.Wait)
		return
	}
	is(d, difference.Overdue, difference.Late, difference.Wait)
	say(d, lifecycleWaits)
	if times := way.times.lateness(age); times != "" {
		say(d, "that is %s", times)
	}
	if reasons := way.reasons(here); len(reasons) > 0 {
		d.Remedy = difference.Repair
		tellReasons(d, way, reasons)
		return
	}
	say(d, "nothing that can be read is in its way: one of the regions is slow or out, and S3 goes on by itself")
}

// lifecycleWaits: see the S3 User Guide, "Lifecycle and other bucket
// configurations".
const lifecycleWaits = "until it is replicated, lifecycle rules neither expire nor move it"

// failed judges what S3 has given up.
func (w world) failed(d *difference.Difference, way way, here fact) {
	say(d, lifecycleWaits)
	reasons := way.reasons(here)
	if len(reasons) == 0 {
		is(d, difference.Failed, difference.Undetermined, difference.Replicate)
		say(d, "nothing that can be read is in its way now: what failed it may be mended, or lie where these credentials see nothing")
		return
	}
	is(d, difference.Failed, causeOf(reasons[0].Cause), difference.Repair)
	tellReasons(d, way, reasons)
}
