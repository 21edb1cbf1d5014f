package wanted

import (
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// AlarmPolicy keeps a role from replicating what a drill writes to fail, and
// nothing else: an explicit Deny stands above every Allow (IAM User Guide, "Policy
// evaluation logic"). S3 reads the object with the one action and writes the
// replica with the other (S3 User Guide, "Setting up permissions for live
// replication").
func AlarmPolicy(p pair.Pair, d pair.Direction, drill string) string {
	under := p.AlarmPrefix(drill)
	return policy.Compose(policy.Draft{
		Sid: "BothwaysDrill", Effect: "Deny", Action: []string{"s3:GetObjectVersionForReplication", "s3:ReplicateObject"},
		Resource: []string{ObjectsUnder(p.From(d), under), ObjectsUnder(p.To(d), under)},
	})
}

// AlarmRights are what the credentials of both sides must be allowed for a drill
// of an alarm, on the roles that are in force; "" where a direction has none.
func AlarmRights(w Documents, roles map[pair.Direction]string) []survey.Right {
	all := usualDrillRights(w)
	for _, side := range pair.Sides() {
		all = append(all, w.drillObjectRights(side)...)
		all = append(all, w.statusRight(side))
	}
	for _, d := range pair.Directions() {
		all = append(all, w.statementRights(d, roles[d])...)
	}
	return all
}

// statusRight is for what HEAD says of the replication of an object.
func (w Documents) statusRight(side pair.SideName) survey.Right {
	return survey.Right{
		Side: side, Action: "s3:GetObjectVersion", Resource: ObjectsUnder(w.Pair.Side(side), w.Pair.CanaryPrefix()), For: pair.Drill,
		Why: "to see that an object failed to replicate",
	}
}

// statementRights are for the policy on the role of direction d, and for the
// alarms that it is to ring.
func (w Documents) statementRights(d pair.Direction, role string) []survey.Right {
	var all []survey.Right
	add := func(resource, why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{Side: d.From(), Action: action, Resource: resource, Why: why, For: pair.Drill, Boundary: boundaryFor(action, w.Directions[d])})
		}
	}
	if role != "" {
		add(role, "to let objects of a drill's own fail to replicate "+d.Arrow()+", and to see that the role is afterwards as it was",
			"iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies")
	}
	add("*", "to find the alarms on failed replications, and to see them ring", "cloudwatch:DescribeAlarms")
	return all
}
