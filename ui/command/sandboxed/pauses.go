package sandboxed

import (
	"fmt"
	"math"
	"strconv"

	"github.com/spf13/pflag"

	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fis"
)

// pauseFlag is a flag that is a part of how pauses of FIS go.
type pauseFlag struct {
	kind string
	text func() string
	set  func(text string) error
}

// String implements pflag.Value.
func (p pauseFlag) String() string {
	if p.text == nil {
		return "" // the zero value, which pflag asks for
	}
	return p.text()
}

// Set implements pflag.Value.
func (p pauseFlag) Set(text string) error { return p.set(text) }

// Type implements pflag.Value.
func (p pauseFlag) Type() string { return p.kind }

// addPauses adds the flags that say how pauses go.
func addPauses(f *pflag.FlagSet, p *sandbox.Pauses) {
	*p = sandbox.CommonPauses()
	tail := pauseFlag{"tail", func() string { return fis.TailText(p.Tail) }, func(text string) (err error) {
		p.Tail, err = fis.ParseTail(text)
		return err
	}}
	drain := pauseFlag{"n", func() string { return strconv.FormatFloat(p.Drain, 'g', -1, 64) }, func(text string) (err error) {
		p.Drain, err = strconv.ParseFloat(text, 64)
		if err == nil && (p.Drain < 0 || math.IsNaN(p.Drain) || math.IsInf(p.Drain, 0)) {
			err = fmt.Errorf("%q is no number of versions a second; 0 lets all go on at once", text)
		}
		return err
	}}
	shows := pauseFlag{"words", func() string { return fis.ShowsText(p.Shows) }, func(text string) (err error) {
		p.Shows, err = fis.ParseShows(text)
		return err
	}}
	f.Var(tail, "fis-tail", "at the beginning of a pause by FIS, let through what was there before, or all, for so long: "+fis.TailWords+
		"; AWS says that existing objects may go on for up to an hour, which is existing:for=1h")
	f.Var(drain, "fis-drain", "after a pause by FIS, let so many of the versions that waited go on each simulated second, the oldest first; 0 lets all go on at once")
	f.Var(shows, "fis-shows", "during a pause by FIS, let GetBucketReplication and HEAD say this: "+fis.ShowsWords+"; AWS documents neither")
}
