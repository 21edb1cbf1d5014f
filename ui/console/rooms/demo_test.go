package rooms

import (
	"strings"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
)

// noon is the fixed clock of the drawings.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// demoPair is the pair of the drawings.
func demoPair() pair.Pair {
	return pair.Pair{
		A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-demo-7k2m-eu-west-1"},
		B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-demo-7k2m-ap-southeast-1"},
		Options: pair.DefaultOptions(),
	}
}

// sandboxAccess reaches a sandbox that is not there.
func sandboxAccess() account.Access {
	return account.Access{Sandbox: true, Endpoint: "http://127.0.0.1:9"}
}

// operator is whose the sandbox's credentials are.
func operator() account.Identity {
	return account.Identity{Account: "000000000000", ARN: "arn:aws:iam::000000000000:user/operator"}
}

// demoPlan is a set-up plan as the planner makes it, by hand.
func demoPlan(p pair.Pair) plan.Plan {
	proposed := plan.Plan{Pair: p, Purpose: pair.SetUp, Findings: []survey.Finding{{
		Severity: survey.Note, Title: "versioning is switched on for the first time",
		Meaning: "AWS advises to wait 15 minutes before relying on it. The canaries show when each direction works.",
	}}}
	for _, name := range pair.Sides() {
		side, low := p.Side(name), strings.ToLower(string(name))
		proposed.Steps = append(proposed.Steps, step.Step{
			ID: "bucket-" + low, Side: name, Change: step.Create, Kind: step.KindBucket, Title: "bucket",
			What: side.Bucket + ", private, encrypted, tagged bothways:pair=" + p.ID(), Why: "A direction needs a bucket at both ends.",
			Call: "CreateBucket", Target: side.Region + " " + side.Bucket, Request: "{\n  \"Bucket\": \"" + side.Bucket + "\"\n}",
			CLI:  "aws s3api create-bucket --region " + side.Region + " --bucket " + side.Bucket,
			Undo: "delete the bucket, if it holds nothing of others",
		}, step.Step{
			ID: "versioning-" + low, Side: name, Change: step.Modify, Kind: step.KindVersioning, Title: "versioning", What: "never set -> Enabled",
			Why: "Replication copies versions.", Call: "PutBucketVersioning", Target: side.Region + " " + side.Bucket,
			CLI:  "aws s3api put-bucket-versioning --region " + side.Region + " --bucket " + side.Bucket + " --versioning-configuration Status=Enabled",
			Undo: "can be suspended later, never returned to never set", Needs: []string{"bucket-" + low},
		})
	}
	for _, d := range pair.Directions() {
		proposed.Steps = append(proposed.Steps, step.Step{
			ID: "role-" + d.Slug(), Direction: &d, Change: step.Create, Kind: step.KindRole, Title: "role",
			What: "may read " + string(d.From()) + "'s new versions, may write replicas to " + string(d.To()), Call: "CreateRole, PutRolePolicy",
			Target: "IAM " + pair.RolePath + p.RoleName(d), Why: "S3 takes this role to copy, nothing else.", Undo: "delete the policy and the role",
			CLI: "aws iam create-role --role-name " + p.RoleName(d),
		}, step.Step{
			ID: "rule-" + d.Slug(), Direction: &d, Change: step.Create, Kind: step.KindRule, Title: "rule", What: "all objects, delete markers, replica edits",
			Call: "PutBucketReplication", Target: p.From(d).Region + " " + p.From(d).Bucket,
			Why:     "Tells S3 to copy every new object that it covers to side " + string(d.To()) + ".",
			Request: "{\n  \"Role\": \"arn:aws:iam::000000000000:role/bothways/x\",\n  \"Rules\": [\n    {\n      \"ID\": \"" + p.RuleID(d) + "\",\n      \"Priority\": 1,\n      \"Status\": \"Enabled\"\n    }\n  ]\n}",
			CLI:     "aws s3api put-bucket-replication --region " + p.From(d).Region + " --bucket " + p.From(d).Bucket + " --replication-configuration '{\"Role\":\"arn:aws:iam::000000000000:role/bothways/x\"}'",
			Undo:    "delete the replication configuration", Needs: []string{"versioning-a", "versioning-b", "role-" + d.Slug()},
		}, step.Step{
			ID: "canary-" + d.Slug(), Direction: &d, Change: step.Prove, Kind: step.KindCanary, Title: "canary", What: "a 16-byte object, removed afterwards",
			Call: "PutObject, HeadObject", Target: p.From(d).String() + " to " + p.To(d).String(), Needs: []string{"rule-" + d.Slug()},
			Why: "Only an object that arrives proves the direction.", Undo: "its versions are deleted on both sides",
		})
	}
	return proposed
}

// demoSurvey is what a survey of the pair finds before anything is made.
func demoSurvey(p pair.Pair) session.Plans {
	proposed := demoPlan(p)
	removal := plan.Plan{Pair: p, Purpose: pair.TearDown}
	for _, st := range proposed.Steps {
		if st.Change == step.Create {
			st.ID, st.Change, st.What, st.Needs = "remove-"+st.ID, step.Remove, "removed", nil
			removal.Steps = append(removal.Steps, st)
		}
	}
	return session.Plans{
		SetUp: proposed,
		TearDown: func(buckets bool) plan.Plan {
			some := removal
			some.Steps = nil
			for _, st := range removal.Steps {
				if buckets || st.Kind != step.KindBucket {
					some.Steps = append(some.Steps, st)
				}
			}
			return some
		},
		CleanUp: func() plan.Plan {
			return plan.Plan{Pair: p, Purpose: pair.CleanUp, Steps: []step.Step{{
				ID: "remove-objects-a", Side: pair.A, Change: step.Remove, Kind: step.KindObjects, Title: "objects", What: "canaries and probes under bothways/ that carry our mark",
			}}}
		},
		Undo: func(plan.Plan, map[string]step.Status) plan.Plan { return removal },
	}
}
