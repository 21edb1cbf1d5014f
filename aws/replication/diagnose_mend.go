package replication

import "github.com/aws/aws-sdk-go-v2/service/s3/types"

// mends words what would put the rule right as lines for the AWS CLI. S3 takes
// only whole configurations, so each line mends all that is wrong with the
// rule: a line for one thing alone would undo the others. What is a matter of
// taste is mended by its own line only.
func (p *checkup) mends() {
	var needed []func(*types.ReplicationRule)
	for _, t := range p.troubles {
		if t.mend != nil && t.Severity != Note {
			needed = append(needed, t.mend)
		}
	}
	for i, t := range p.troubles {
		if t.mend == nil {
			continue
		}
		changes := needed
		if t.Severity == Note {
			changes = append(needed[:len(needed):len(needed)], t.mend)
		}
		p.troubles[i].CLI, p.troubles[i].mend = p.rewritten(changes), nil
	}
}

// rewritten is a line for the AWS CLI that writes the configuration as it is
// but for changes of the rule, or "" where that would lose something.
func (p *checkup) rewritten(changes []func(*types.ReplicationRule)) string {
	if len(p.from.Unknown) > 0 {
		return ""
	}
	configuration := types.ReplicationConfiguration{Role: p.configuration.Role}
	for i := range p.configuration.Rules {
		r := p.configuration.Rules[i]
		if &p.configuration.Rules[i] == p.rule {
			destination := *r.Destination
			r.Destination = &destination
			for _, change := range changes {
				change(&r)
			}
		}
		configuration.Rules = append(configuration.Rules, r)
	}
	return cli(p.world.clients(p.direction.From()), "s3api", "put-bucket-replication", "--bucket", p.fromBucket(),
		"--replication-configuration", compact(exactJSON(configuration)))
}
