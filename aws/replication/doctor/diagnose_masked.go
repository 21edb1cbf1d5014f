package doctor

import (
	"context"

	"bothways/aws/replication/survey"
)

// masked are the rights that no policy of the role allows where something else
// denies them, too: IAM's simulation tells only the denial, and with that gone
// the right would lack still. Policies that can't be read add nothing.
func (p *Checkup) masked(ctx context.Context, needs []need, rulings []survey.Ruling) ([]Trouble, error) {
	var denied []int
	for i, n := range needs {
		if !rulings[i].Allowed && rulings[i].Reason != survey.Unallowed && !p.grantedByBucket(n) {
			denied = append(denied, i)
		}
	}
	if len(denied) == 0 {
		return nil, nil
	}
	documents, err := p.policies(ctx)
	if err != nil {
		return nil, ends(ctx, err)
	}
	var all []Trouble
	for _, i := range denied {
		n := needs[i]
		ruling := p.readOff(documents, n, n.action)
		if n.instead != "" && !ruling.Allowed {
			ruling = p.readOff(documents, n, n.instead)
		}
		if !ruling.Allowed && ruling.Reason == survey.Unallowed && len(ruling.Unknown) == 0 {
			all = append(all, p.missingRight(n, ruling))
		}
	}
	return all, nil
}
