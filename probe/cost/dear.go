package cost

import (
	"fmt"

	"github.com/dustin/go-humanize"
)

// AskAbove is the estimate, in US dollars, from which a run wants a consent of
// its own.
const AskAbove = 10

// Dear says whether a run costs more than somebody is likely to expect.
func (e Estimate) Dear() bool { return e.DollarsAtMost >= AskAbove }

// AtMost words what a run may cost, and what that stands on.
func (e Estimate) AtMost() string {
	text := fmt.Sprintf("%s USD", humanize.Comma(int64(e.DollarsAtMost+0.5)))
	if e.Unending {
		text += " a day, and this run has no end"
	}
	if !e.Priced {
		text += " at the dearest price of transfer, for that between these regions is not known here"
	}
	return text
}
