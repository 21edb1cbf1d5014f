package doctor

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// enabled are the rules that take objects to the other side.
func (p *Checkup) enabled() []types.ReplicationRule {
	var all []types.ReplicationRule
	if p.Configuration != nil {
		for _, r := range p.Configuration.Rules {
			if p.toOtherSide(r) && wanted.Enabled(r) {
				all = append(all, r)
			}
		}
	}
	return all
}

// ruleFor is the rule that takes an object of a key to the other side, as far as
// keys decide: the one of the highest priority. It may be nil.
func (p *Checkup) ruleFor(key string) *types.ReplicationRule {
	var best *types.ReplicationRule
	if p.Configuration == nil {
		return nil
	}
	for i, r := range p.Configuration.Rules {
		if p.toOtherSide(r) && wanted.Enabled(r) && strings.HasPrefix(key, wanted.PrefixOf(r)) &&
			(best == nil || aws.ToInt32(r.Priority) > aws.ToInt32(best.Priority)) {
			best = &p.Configuration.Rules[i]
		}
	}
	return best
}

// otherRules says which rules to the other side beside the one that is looked at
// are disabled, where no other covers what they are for.
func (p *Checkup) otherRules() {
	for i, r := range p.Configuration.Rules {
		q := *p
		q.Rule, q.Troubles = &p.Configuration.Rules[i], nil
		if q.Rule == p.Rule || !p.toOtherSide(r) || wanted.Enabled(r) || p.ruleFor(wanted.PrefixOf(r)) != nil {
			continue
		}
		q.status()
		q.mends()
		for _, t := range q.Troubles {
			t.Severity = survey.Warning // others go on
			p.Troubles = append(p.Troubles, t)
		}
	}
}
