package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Explain says why a canary of direction d failed: S3 gives no reason. found
// says that what was read explains it.
func Explain(ctx context.Context, w survey.World, d pair.Direction) (found bool, reason error) {
	s, err := survey.Read(ctx, w)
	var troubles []Trouble
	if err == nil {
		troubles, err = diagnose(ctx, s, d)
	}
	if err != nil {
		return false, fmt.Errorf("S3 reported FAILED, which is final for that object and comes without a reason; looking for one failed: %w", err)
	}
	sortTroubles(troubles)
	text := "S3 reported FAILED, which is final for that object and comes without a reason."
	for _, t := range troubles {
		if t.Severity == survey.Blocker {
			text += " " + strings.ToUpper(t.Title[:1]) + t.Title[1:] + ". " + t.Todo
			return t.Certainty != Conceivable, errors.New(text)
		}
	}
	return false, errors.New(text + " " + unexplained)
}
