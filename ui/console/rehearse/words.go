package rehearse

import (
	"fmt"
	"strings"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// kindMeans says what a kind of drill does, in a few words.
func kindMeans(k record.Kind) string {
	switch k {
	case record.Readiness:
		return "nothing is touched: would it work?"
	case record.Cut:
		return "this program no longer reaches one side"
	case record.Pause:
		return "AWS FIS pauses replication, both ways"
	case record.Alarm:
		return "a canary is made to fail: does an alarm ring?"
	}
	return ""
}

// outageMeans says how a cut looks to who connects.
func outageMeans(o record.Outage) string {
	switch o {
	case record.Refused:
		return "every connection is refused at once"
	case record.BlackHole:
		return "nothing answers, until the client gives up"
	case record.Slow:
		return "answers come late"
	}
	return ""
}

// plain is a name of the record as people read it.
func plain[T ~string](name T) string { return strings.ReplaceAll(string(name), "_", " ") }

// loud is plain in capitals.
func loud[T ~string](name T) string { return strings.ToUpper(plain(name)) }

// rehearsed is what a drill rehearses, for its headline.
func rehearsed(s record.Scope) string {
	switch s.Kind {
	case record.Cut:
		return "cut, side " + string(s.Lost) + " lost"
	case record.Pause:
		return "pause both ways"
	case record.Readiness, record.Alarm:
	}
	return plain(s.Kind)
}

// clock is a time that passes as figures for the back of a room: minutes and
// seconds, with the hours before them where there are any.
func clock(d time.Duration) string {
	s := int64(max(0, d) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// interval is between which two lengths the true one lies.
func interval(i record.Interval) string {
	low, high := wording.Milliseconds(i.LowMS), wording.Milliseconds(i.HighMS)
	if low == high {
		return high
	}
	return low + " to " + high
}

// conflictText says what became of a key that both sides changed.
func conflictText(c record.Conflict) string {
	kind := strings.ReplaceAll(string(c.Kind), "_", " against ")
	switch {
	case c.Serves == nil:
		return kind + ": written on both sides"
	case c.Same == nil:
		return kind + ": what the sides serve is not known"
	case *c.Same:
		return kind + ": both serve " + servedText(c.Serves[pair.A])
	}
	return kind + ": A serves " + servedText(c.Serves[pair.A]) + ", B serves " + servedText(c.Serves[pair.B])
}

func servedText(s record.Served) string {
	switch {
	case s.None:
		return "nothing"
	case s.Of == "":
		return "a version of neither"
	case s.Marker:
		return "the deletion of side " + string(s.Of)
	}
	return "the version of side " + string(s.Of)
}

// rangText says whether an alarm rang, and after how long.
func rangText(r record.Rang) string {
	after := func(ms float64) string { return wording.Milliseconds(ms - r.FromMS) }
	switch {
	case r.Unknown != "":
		return "whether alarm " + r.Alarm + " rings is not known: " + strings.TrimSuffix(r.Unknown, ".")
	case !r.Rang && r.How == record.ByHand:
		return "nobody said within " + after(r.HighMS) + " that an alarm rang"
	case r.How == record.ByHand:
		return "an alarm rang " + after(r.HighMS) + " after the failing object was written: " + r.Reason
	case !r.Rang:
		return "alarm " + r.Alarm + " did not ring within " + after(r.HighMS)
	}
	return "alarm " + r.Alarm + " rang " + interval(record.Interval{LowMS: r.LowMS - r.FromMS, HighMS: r.HighMS - r.FromMS}) + " after the failing object was written"
}
