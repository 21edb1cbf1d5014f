package plain

import "bothways/probe"

// mostLeft is how many of the things that a run left behind have a line.
const mostLeft = 5

// left counts what a run may have left behind and lists the first few, a line
// each. The JSON output, the journal and the JSON report have them all.
func (w *Writer) left(e probe.LeftEvent) {
	w.Line("warning: %s may be left behind. In AWS, bothways destroy removes that, with all else that it made for the pair:", probe.LeftText(e.Objects))
	for _, o := range e.Objects[:min(mostLeft, len(e.Objects))] {
		what := "version " + o.VersionID
		switch {
		case o.UploadID != "":
			what = "unfinished upload " + o.UploadID
		case o.VersionID == "":
			what = "a version whose ID is not known"
		}
		w.Line("    %s/%s, %s: %s", o.Bucket, o.Key, what, o.Why)
	}
	if more := len(e.Objects) - mostLeft; more > 0 {
		w.Line("    and %d more, which bothways report --format json lists", more)
	}
}
