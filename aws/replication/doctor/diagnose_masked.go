package doctor

import (
	"context"
	"slices"

	"bothways/aws/replication/survey"
)

// masked are the rights that no policy of the role allows where something else
// denies them, too: IAM's simulation tells only the denial, and with that gone
// the right would lack still. Policies that can't be read add nothing.
func (p *Checkup) masked(ctx context.Context, missing []lack) ([]lack, error) {
	denied := slices.DeleteFunc(slices.Clone(missing), func(l lack) bool { return l.Reason == survey.Unallowed })
	if len(denied) == 0 {
		return nil, nil
	}
	documents, err := p.policies(ctx)
	if err != nil {
		return nil, ends(ctx, err)
	}
	var all []lack
	for _, l := range denied {
		n := l.need
		ruling := p.readOff(documents, n, n.action)
		if n.instead != "" && !ruling.Allowed {
			ruling = p.readOff(documents, n, n.instead)
		}
		if !ruling.Allowed && ruling.Reason == survey.Unallowed && len(ruling.Unknown) == 0 {
			all = append(all, lack{n, ruling})
		}
	}
	return all, nil
}

// summed makes one trouble of a role to which no policy allows anything. What is
// denied it, too, is left to be told.
func (p *Checkup) summed(missing []lack) (denied []lack) {
	var unallowed []need
	var why survey.Ruling
	for _, l := range missing {
		if l.Reason == survey.Unallowed {
			unallowed, why = append(unallowed, l.need), l.Ruling
		} else {
			denied = append(denied, l)
		}
	}
	if len(unallowed) < 2 {
		return missing
	}
	p.add(p.noRights(unallowed, why))
	return denied
}
