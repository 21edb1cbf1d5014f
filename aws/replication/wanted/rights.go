package wanted

import (
	"cmp"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
)

// Rights lists what the credentials of both sides must be allowed for a pair
// and for what is made of it (S3 User Guide, "Required permissions for Amazon
// S3 API operations"; IAM's actions are named after its operations).
func Rights(w Documents) []survey.Right {
	all := make([]survey.Right, 0, 100)
	for _, name := range pair.Sides() {
		all = append(all, w.bucketRights(name)...)
		all = append(all, w.objectRights(name)...)
	}
	for _, d := range pair.Directions() {
		all = append(all, w.roleRights(d)...)
	}
	return all
}

// RightsFor lists those that one purpose needs.
func RightsFor(w Documents, purpose pair.Purpose) []survey.Right {
	return slices.DeleteFunc(Rights(w), func(r survey.Right) bool { return r.For != "" && r.For != purpose })
}

func (w Documents) bucketRights(name pair.SideName) []survey.Right {
	side := w.Sides[name]
	var all []survey.Right
	add := func(purpose pair.Purpose, optional bool, why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{
				Side: name, Action: action, Resource: w.Pair.Side(name).BucketARN(), Why: why, For: purpose, Optional: optional,
			})
		}
	}
	add("", false, "to see whether the bucket is there, and to tell an object that is missing from one that is forbidden", "s3:ListBucket")
	add("", false, "to read what replication stands on", "s3:GetBucketVersioning", "s3:GetReplicationConfiguration")
	add("", true, "to see what lies in the way", "s3:GetBucketTagging", "s3:GetEncryptionConfiguration", "s3:GetBucketObjectLockConfiguration",
		"s3:GetBucketPolicy", "s3:GetLifecycleConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketRequestPayment")
	if side.Makes {
		add(pair.SetUp, false, "to make the bucket with its mark", "s3:CreateBucket", "s3:TagResource")
	}
	if side.Makes && side.Locked {
		add(pair.SetUp, false, "to make the bucket with Object Lock, as the other side has it", "s3:PutBucketObjectLockConfiguration")
	}
	add(pair.SetUp, false, "replication copies versions", "s3:PutBucketVersioning")
	add(pair.SetUp, false, "to write the rule", "s3:PutReplicationConfiguration")
	add(pair.SetUp, false, "to remove a canary whose version was not named", "s3:ListBucketVersions")
	if side.Policy != "" {
		add(pair.SetUp, false, "to let the other account's role write", "s3:PutBucketPolicy")
		add(pair.TearDown, false, "to take that back", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
	}
	add(pair.Measure, false, "to see that nothing comes back, and to clean up", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
	add(pair.TearDown, false, "to remove the rule", "s3:PutReplicationConfiguration")
	add(pair.TearDown, false, "to find what was written", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
	if side.Made {
		add(pair.TearDown, false, "to remove the bucket, where that is asked for", "s3:DeleteBucket")
	}
	all = append(all, survey.Right{
		Side: name, Action: "account:ListRegions", Resource: "*", Optional: true,
		Why: "to see whether both regions are enabled",
	})
	return all
}

func (w Documents) objectRights(name pair.SideName) []survey.Right {
	var all []survey.Right
	add := func(purpose pair.Purpose, under, why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{Side: name, Action: action, Resource: ObjectsUnder(w.Pair.Side(name), under), Why: why, For: purpose})
		}
	}
	reasons := map[string]string{"s3:PutObjectTagging": "what is written carries tags", "s3:PutObjectAcl": "what is written carries an ACL"}
	writes := func(purpose pair.Purpose, under, why string, headers upload.Headers) {
		for _, action := range headers.Actions() {
			add(purpose, under, cmp.Or(reasons[action], why), action)
			all[len(all)-1].Known = headers.Known()
		}
	}
	writes(pair.SetUp, w.Pair.CanaryPrefix(), "canaries prove each direction", w.Sides[name].Canary)
	add(pair.SetUp, w.Pair.CanaryPrefix(), "canaries prove each direction", "s3:GetObjectVersion", "s3:DeleteObjectVersion")
	writes(pair.Measure, w.Pair.ProbePrefix(), "probes are written, timed and removed", w.Sides[name].Probe)
	if w.Sides[name].Probe.Once { // which only the end of an upload in parts can say
		add(pair.Measure, w.Pair.ProbePrefix(), "large probes are written in parts", "s3:PutObject")
		all[len(all)-1].Known, all[len(all)-1].Optional = w.Sides[name].Probe.KnownOfParts(), true
	}
	add(pair.Measure, w.Pair.ProbePrefix(), "probes are written, timed and removed", "s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload")
	add(pair.TearDown, w.Pair.SharedPrefix(), "what was written is recognised and removed", "s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload")
	for _, key := range w.keysOf(name) {
		for _, purpose := range []pair.Purpose{pair.SetUp, pair.Measure} {
			prefix := map[pair.Purpose]string{pair.SetUp: w.Pair.CanaryPrefix(), pair.Measure: w.Pair.ProbePrefix()}[purpose]
			for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
				all = append(all, survey.Right{
					Side: name, Action: action, Resource: key, For: purpose, Through: w.keyThrough(name, prefix),
					Why: "objects here are encrypted with this key",
				})
			}
		}
		if survey.AccountOf(key) == w.Sides[name].Account {
			for _, action := range []string{survey.ReadKeyPolicy, survey.ReadKeyState, survey.ListGrants} {
				all = append(all, survey.Right{
					Side: name, Action: action, Resource: key, Optional: true, Why: "to see whether the key can be used, and by whom",
				})
			}
		}
	}
	return all
}

// keysOf are the keys that objects on a side are under: replicas under the
// rule's, canaries and probes under the bucket's default too.
func (w Documents) keysOf(name pair.SideName) []string {
	arriving := w.Directions[Incoming(name)].Rule
	var keys []string
	side := w.Sides[name]
	for _, key := range []string{cmp.Or(ReplicaKey(&arriving), w.Pair.Given.Key(name)), side.DefaultKey, side.Canary.Key, side.Probe.Key} {
		if strings.HasPrefix(key, "arn:") && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (w Documents) roleRights(d pair.Direction) []survey.Right {
	direction := w.Directions[d]
	var all []survey.Right
	add := func(purpose pair.Purpose, why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{Side: d.From(), Action: action, Resource: direction.RoleARN, Why: why, For: purpose, Boundary: boundaryFor(action, direction)})
		}
	}
	add("", "to read the role "+d.Arrow(), "iam:GetRole", "iam:GetRolePolicy")
	if direction.Own {
		// Of a role that is not there IAM does not know the path, so it asks
		// for the right on the name alone.
		all = append(all, survey.Right{
			Side: d.From(), Action: "iam:GetRole", Resource: strings.Replace(direction.RoleARN, direction.RolePath, "/", 1),
			Why: "to see whether the role " + d.Arrow() + " is there",
		})
		all = append(all, w.makingRights(d)...)
		add(pair.SetUp, "to note what was proven on the role "+d.Arrow(), "iam:TagRole", "iam:UpdateAssumeRolePolicy")
		add(pair.TearDown, "to remove the role "+d.Arrow(), "iam:DeleteRole")
	}
	if direction.PolicyName != "" {
		add(pair.SetUp, "to give the role "+d.Arrow()+" its rights", "iam:PutRolePolicy")
		add(pair.TearDown, "to take the rights of the role "+d.Arrow()+" back", "iam:DeleteRolePolicy")
	}
	if direction.PolicyName != "" && !direction.Own {
		all = append(all, survey.Right{
			Side: d.From(), Action: "iam:ListRoles", Resource: "*", For: pair.TearDown, Optional: true,
			Why: "to find our policy on a role of others when nothing leads to it any more",
		})
	}
	if direction.Own && direction.RoleName != w.Pair.RuleID(d) {
		all = append(all, survey.Right{
			Side: d.From(), Action: "iam:ListRoles", Resource: "*", Optional: true,
			Why: "to find the role " + d.Arrow() + " where its prefix is not told and nothing leads to it any more",
		})
	}
	passed := survey.Right{
		Side: d.From(), Action: "iam:PassRole", Resource: direction.RoleARN, For: pair.SetUp,
		PassedTo: survey.S3Principal, Why: "S3 takes a role only from somebody who may pass it",
	}
	all = append(all, passed)
	if c := direction.Configuration; c != nil && len(c.Rules) > 1 {
		passed.For, passed.Why = pair.TearDown, "to write the rules of others again without ours, with their role"
		all = append(all, passed)
	}
	return append(all, survey.Right{
		Side: d.From(), Action: "iam:SimulatePrincipalPolicy", Resource: "*", Optional: true,
		Why: "to see which rights are missing before anything is tried",
	})
}

// boundaryFor is the boundary that a condition on iam:PermissionsBoundary sees
// in a call (Service Authorization Reference, "Actions, resources, and condition
// keys for AWS Identity and Access Management"), or "".
func boundaryFor(action string, direction Direction) string {
	switch action {
	case "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:DeleteRolePolicy":
		return direction.RoleBoundary
	}
	return ""
}

// makingRights are those to make direction d's own role as it is asked for, and
// to give one that stands another boundary.
func (w Documents) makingRights(d pair.Direction) []survey.Right {
	direction := w.Directions[d]
	right := survey.Right{
		Side: d.From(), Action: "iam:CreateRole", Resource: direction.RoleARN, For: pair.SetUp,
		Why: "to make the role " + d.Arrow(), Boundary: boundaryFor("iam:CreateRole", direction), Again: direction.RoleStands,
	}
	if w.Pair.Options.MadeTags != "" {
		right.Known = map[string][]string{}
		for key, value := range direction.RoleTags {
			right.Known["aws:requesttag/"+strings.ToLower(key)] = []string{value}
		}
	}
	rights := []survey.Right{right}
	if asked := w.Pair.Boundary(w.Sides[d.From()].Account); asked != "" {
		rights = append(rights, survey.Right{
			Side: d.From(), Action: "iam:GetPolicy", Resource: asked, For: pair.SetUp, Optional: true,
			Why: "to see that the permissions boundary is there before anything is changed",
		})
	}
	if direction.Bounds {
		right.Action, right.Why, right.Known = "iam:PutRolePermissionsBoundary", "to give the role "+d.Arrow()+" its permissions boundary", nil
		if direction.RoleBoundary == "" {
			right.Action, right.Why = "iam:DeleteRolePermissionsBoundary", "to take the permissions boundary off the role "+d.Arrow()
		}
		right.Again = false
		rights = append(rights, right)
	}
	return rights
}
