package report

import (
	"fmt"
	"strings"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/words"
	"bothways/probe/cost"
	"bothways/probe/wording"
)

// Fact says how an audit was made.
type Fact struct{ Name, Text string }

// Facts say how what an audit shows was got, and what it does not show.
func (a Audit) Facts() []Fact {
	facts := []Fact{
		{"between", "A " + a.Started.Pair.A.String() + " and B " + a.Started.Pair.B.String()},
		{"compared", Scope(a.Started)},
		{"cut-off", CutOff(a.Started.CutOff)},
		{"second look", "each difference was listed again before it counted; what had settled meanwhile is counted as settled by itself"},
		{"asked for", Asked(a.Started, a.Requests)},
	}
	if r := a.Result; r != nil && !r.Began.IsZero() {
		facts = append(facts, Fact{"when", Instant(r.Began) + " to " + Instant(r.Finished) + ", " + wording.Duration(r.Finished.Sub(r.Began))})
	}
	if !a.Complete() {
		facts = append(facts, Fact{"not finished", a.result().Why})
	}
	facts = append(facts, Fact{"not compared", "tags, ACLs, retention and legal holds, annotations: no listing shows them"})
	if a.Access != "" {
		facts = append(facts, Fact{"reached", strings.Join(append([]string{a.Access}, a.Notes...), "; ")})
	}
	if a.RunID != "" {
		facts = append(facts, Fact{"run", a.RunID + ", by bothways " + a.Version})
	}
	return facts
}

// Scope says what an audit compares.
func Scope(s audit.Started) string {
	text := "every version and every delete marker"
	if s.Prefix != "" {
		text += " of keys that start with " + s.Prefix
	}
	if !s.Since.IsZero() {
		text += ", created since " + Instant(s.Since)
	}
	return text
}

// CutOff says what is too young to be judged.
func CutOff(at time.Time) string {
	return Instant(at) + " by the earlier of both servers' clocks: what was written later is counted, not judged"
}

// Asked says what an audit asked for and what that costs.
func Asked(s audit.Started, r audit.Requests) string {
	text := count(r.Lists, "page") + " of listings and " + count(r.Heads, "HEAD")
	if r.Bytes > 0 {
		text += ", " + wording.Size(r.Bytes) + " received"
	}
	if r.Again > 0 {
		text += fmt.Sprintf("; %s sent again", count(r.Again, "request"))
	}
	if r.Slow > 0 {
		text += fmt.Sprintf(", %s of them because S3 asked for fewer", words.Number(r.Slow))
	}
	return text + "; " + Price(s, r)
}

// Price says what an audit cost.
func Price(s audit.Started, r audit.Requests) string {
	c := cost.OfReading(s.Pair, r.Lists, r.Heads)
	return "on AWS " + Dollars(c.Dollars) + " at list prices of " + c.PricesAsOf + ", without traffic to this computer"
}

// Dollars writes a sum with two digits.
func Dollars(sum float64) string {
	switch {
	case sum < 0.001:
		return "less than 0.001 USD"
	case sum < 1:
		return fmt.Sprintf("about %.2g USD", sum)
	}
	return fmt.Sprintf("about %.2f USD", sum)
}

// Instant writes a time in UTC, to the second.
func Instant(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }

func count(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return words.Number(n) + " " + thing + "s"
}
