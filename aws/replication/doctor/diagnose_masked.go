package doctor

import (
	"context"
	"slices"

	"bothways/aws/replication/survey"
)

// masked are the rights that no policy of the role allows where something else
// denies them, too: IAM's simulation tells only the denial, and with that gone
// the right would lack still. Policies that can't be read add nothing.
func (p *Checkup) masked(ctx context.Context, needs []need, rulings []survey.Ruling, missing []Trouble) ([]Trouble, error) {
	var denied []int
	for i, n := range needs {
		if rulings[i].Reason != survey.Unallowed && slices.ContainsFunc(missing, n.lacksIn) {
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

// lacksIn says whether a trouble is that the role lacks this right.
func (n need) lacksIn(t Trouble) bool { return t.Missing == n.action && t.Side == n.side }

// summed makes one trouble of a role to which no policy allows anything. What is
// denied it, too, stays beside that.
func (p *Checkup) summed(needs []need, rulings []survey.Ruling, missing []Trouble) []Trouble {
	var unallowed []need
	var why survey.Ruling
	for i, n := range needs {
		if rulings[i].Reason == survey.Unallowed {
			unallowed, why = append(unallowed, n), rulings[i]
		}
	}
	if len(unallowed) < 2 {
		return missing
	}
	rest := slices.DeleteFunc(slices.Clone(missing), func(t Trouble) bool {
		return slices.ContainsFunc(unallowed, func(n need) bool { return n.lacksIn(t) })
	})
	return append([]Trouble{p.noRights(unallowed, why)}, rest...)
}
