package doctor

import (
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// mends words what would put the rule right as lines for the AWS CLI. S3 takes
// only whole configurations, so each line mends all that is wrong with the
// rule: a line for one thing alone would undo the others. What is a matter of
// taste is mended by its own line only.
func (p *Checkup) mends() {
	var needed []func(*types.ReplicationRule)
	for _, t := range p.Troubles {
		if t.mend != nil && t.Severity != survey.Note {
			needed = append(needed, t.mend)
		}
	}
	for i, t := range p.Troubles {
		if t.mend == nil {
			continue
		}
		changes := needed
		if t.Severity == survey.Note {
			changes = append(needed[:len(needed):len(needed)], t.mend)
		}
		p.Troubles[i].CLI, p.Troubles[i].mend = p.rewritten(changes), nil
	}
}

// rewritten is a line for the AWS CLI that writes the configuration as it is
// but for changes of the rule, or "" where that would lose something.
func (p *Checkup) rewritten(changes []func(*types.ReplicationRule)) string {
	if len(p.from.Unknown) > 0 {
		return ""
	}
	configuration := types.ReplicationConfiguration{Role: p.Configuration.Role}
	for i := range p.Configuration.Rules {
		r := p.Configuration.Rules[i]
		if &p.Configuration.Rules[i] == p.Rule {
			destination := *r.Destination
			r.Destination = &destination
			for _, change := range changes {
				change(&r)
			}
		}
		configuration.Rules = append(configuration.Rules, r)
	}
	return p.world.Clients(p.direction.From()).CLI("s3api", "put-bucket-replication", "--bucket", p.fromBucket(),
		"--replication-configuration", wanted.Compact(wanted.ExactJSON(configuration)))
}
