package wanted

import (
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// DrillRights lists what the credentials of both sides must be allowed for
// drills of every kind. links says on which sides' accounts FIS's own role has to
// be made, or may have to.
func DrillRights(w Documents, links map[pair.SideName]bool) []survey.Right {
	all := w.pauseRights(links)
	for _, d := range pair.Directions() {
		all = append(all, w.statementRights(d, w.Directions[d].RoleARN)...)
		all = append(all, w.statusRight(d.From()))
	}
	return all
}

// PauseRights are those for a pause, canaries and the look at the pair among them
// (Service Authorization Reference, "Actions, resources, and condition keys for AWS
// Fault Injection Service").
func PauseRights(w Documents, links map[pair.SideName]bool) []survey.Right {
	all := w.pauseRights(links)
	for _, d := range pair.Directions() {
		all = append(all, survey.Right{
			Side: d.From(), Action: "iam:ListRolePolicies", Resource: w.Directions[d].RoleARN, For: pair.Drill, Optional: true, Why: "to see whether another drill has a policy on the role " + d.Arrow(),
		})
		status := w.statusRight(d.From())
		status.Optional = true
		all = append(all, status)
	}
	return all
}

func (w Documents) pauseRights(links map[pair.SideName]bool) []survey.Right {
	all := usualDrillRights(w)
	for _, d := range pair.Directions() {
		all = append(all, survey.Right{
			Side: d.To(), Action: "cloudwatch:GetMetricStatistics", Resource: "*", For: pair.Drill, Optional: true, Why: "to tell what CloudWatch said of the direction " + d.Arrow() + " at the cut",
		})
		all = append(all, w.drillObjectRights(d.From())...)
		all = append(all, w.taggingRights(d.From())...)
		all = append(all, w.experimentRights(d)...)
		all = append(all, w.drillRoleRights(d, links[d.From()])...)
	}
	return all
}

// usualDrillRights are for what every drill does: it looks at the pair, and writes
// canaries, which are probes.
func usualDrillRights(w Documents) []survey.Right {
	var all []survey.Right
	for _, r := range Rights(w) {
		if r.For == pair.Measure {
			r.For = pair.Drill
		}
		if r.For == "" || r.For == pair.Drill {
			all = append(all, r)
		}
	}
	return all
}

// taggingRights are for the tag by which an experiment finds the bucket.
func (w Documents) taggingRights(name pair.SideName) []survey.Right {
	actions := []string{"s3:GetBucketTagging", "s3:TagResource", "s3:UntagResource"}
	all := make([]survey.Right, 0, len(actions))
	for _, action := range actions {
		all = append(all, survey.Right{
			Side: name, Action: action, Resource: w.Pair.Side(name).BucketARN(), For: pair.Drill,
			Why: "experiments find the bucket by a tag, which is added and taken away by itself",
		})
	}
	return all
}

// drillObjectRights are for what a drill writes beside its canaries.
func (w Documents) drillObjectRights(name pair.SideName) []survey.Right {
	var all []survey.Right
	side := w.Pair.Side(name)
	add := func(resource, why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{Side: name, Action: action, Resource: resource, Why: why, For: pair.Drill})
		}
	}
	objects := ObjectsUnder(side, w.Pair.CanaryPrefix())
	for _, action := range w.Sides[name].Canary.Actions() {
		add(objects, "keys are written to that both sides change", action)
		all[len(all)-1].Known = w.Sides[name].Canary.Known()
	}
	add(objects, "what was written is read back, hidden by a delete marker, and removed", "s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion")
	add(side.BucketARN(), "to find and remove what was written", "s3:ListBucketVersions")
	return all
}

// experimentRights are for the experiment that pauses direction d.
func (w Documents) experimentRights(d pair.Direction) []survey.Right {
	var all []survey.Right
	at := w.Pair.From(d)
	own := "arn:" + pair.PartitionOf(at.Region) + ":fis:" + at.Region + ":" + w.Sides[d.From()].Account + ":"
	add := func(resource, why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{Side: d.From(), Action: action, Resource: resource, Why: why, For: pair.Drill})
		}
	}
	templates, experiments := own+"experiment-template/*", own+"experiment/*"
	add(templates, "to describe the pause "+d.Arrow(), "fis:CreateExperimentTemplate", "fis:DeleteExperimentTemplate", "fis:TagResource")
	add(own+"action/aws:s3:bucket-pause-replication", "to describe the pause "+d.Arrow(), "fis:CreateExperimentTemplate")
	add(templates, "to begin the pause "+d.Arrow(), "fis:StartExperiment")
	add(experiments, "to begin, follow and end the pause "+d.Arrow(), "fis:StartExperiment", "fis:TagResource", "fis:GetExperiment", "fis:StopExperiment", "fis:ListExperimentResolvedTargets")
	add("*", "to find experiments and templates of drills", "fis:ListExperiments", "fis:ListExperimentTemplates")
	add(own+"safety-lever/*", "to see whether the account lets experiments run", "fis:GetSafetyLever")
	return all
}

// drillRoleRights are for the role of that experiment.
func (w Documents) drillRoleRights(d pair.Direction, links bool) []survey.Right {
	var all []survey.Right
	direction, account := w.Directions[d], w.Sides[d.From()].Account
	p := prefixed(w.Pair, d, direction.RoleName, direction.Own)
	iam := "arn:" + pair.PartitionOf(p.From(d).Region) + ":iam::" + account + ":role"
	name := p.DrillRoleName(d)
	boundary := Direction{RoleBoundary: direction.RoleBoundary}
	if !direction.Own {
		boundary.RoleBoundary = p.Boundary(account)
	}
	add := func(resource, why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{Side: d.From(), Action: action, Resource: resource, Why: why, For: pair.Drill, Boundary: boundaryFor(action, boundary)})
		}
	}
	add(iam+p.RolePath()+name, "to make, read and remove the role of the experiment "+d.Arrow(),
		"iam:GetRole", "iam:CreateRole", "iam:TagRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy", "iam:DeleteRole")
	if p.RolePath() != "/" { // of a role that is not there IAM knows no path
		add(iam+"/"+name, "to see whether the role of the experiment "+d.Arrow()+" is there", "iam:GetRole")
	}
	all = append(all, survey.Right{
		Side: d.From(), Action: "iam:PassRole", Resource: iam + p.RolePath() + name, For: pair.Drill,
		PassedTo: FISPrincipal, Why: "AWS FIS takes a role only from somebody who may pass it",
	})
	linked := iam + "/aws-service-role/" + FISPrincipal + "/" + LinkedRole
	all = append(all, survey.Right{
		Side: d.From(), Action: "iam:GetRole", Resource: iam + "/" + LinkedRole, For: pair.Drill, Optional: true, Why: "to see whether AWS FIS has its own role in the account",
	}, survey.Right{
		Side: d.From(), Action: "iam:GetRole", Resource: linked, For: pair.Drill, Optional: true, Why: "to see whether AWS FIS has its own role in the account",
	})
	if links {
		all = append(all, survey.Right{
			Side: d.From(), Action: "iam:CreateServiceLinkedRole", Resource: linked, For: pair.Drill,
			Known: map[string][]string{"iam:awsservicename": {FISPrincipal}}, Why: "the first experiment of an account makes AWS FIS's own role",
		})
	}
	return all
}

// LinkedRole is the name of the role that AWS FIS has in each account that uses
// it (AWS FIS User Guide, "Use service-linked roles for AWS FIS").
const LinkedRole = "AWSServiceRoleForFIS"
