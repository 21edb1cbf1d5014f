package doctor

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// need is one action that S3 takes in the role of a direction (S3 User Guide,
// "Setting up permissions for live replication" and "Replicating encrypted
// objects").
type need struct {
	action   string
	resource string
	// keys are all objects that the rule covers, where the resource is one of
	// them, or "".
	keys    string
	side    pair.SideName       // where the resource is
	context map[string][]string // two values of a key are either of them
	// lack is what its lack does, and meaning the same in words.
	lack    survey.Severity
	meaning string
	// instead is an action that does as well, or "".
	instead string
}

func (n need) isS3() bool { return strings.HasPrefix(n.action, "s3:") }

const nothingArrives = "Every object that the rule covers reads FAILED, for ever."

// Needs lists them, as things stand on both sides, for the rules in force that
// take what was asked for to the other side. Of an object, and where no rule is
// in force, they are those of the rule that is looked at.
func (p *Checkup) Needs() []need {
	var all []need
	for _, q := range p.inForce() {
		for _, n := range q.ruleNeeds() {
			if !slices.ContainsFunc(all, func(known need) bool { return known.action == n.action && known.resource == n.resource }) {
				all = append(all, n)
			}
		}
	}
	return all
}

// inForce are check-ups of each rule that the needs go by.
func (p *Checkup) inForce() []*Checkup {
	if p.example != "" || p.Alone {
		return []*Checkup{p}
	}
	var all []*Checkup
	asked := p.world.Pair.Options.Prefix
	for _, r := range p.enabled() {
		if covers := wanted.PrefixOf(r); strings.HasPrefix(asked, covers) || strings.HasPrefix(covers, asked) {
			q := *p
			q.Rule = &r
			all = append(all, &q)
		}
	}
	if len(all) == 0 {
		return []*Checkup{p}
	}
	return all
}

func (p *Checkup) ruleNeeds() []need {
	var all []need
	from, to := p.direction.From(), p.direction.To()
	source, destination := p.world.Pair.Side(from).BucketARN(), p.world.Pair.Side(to).BucketARN()
	origin, replica := source+"/"+p.exampleKey(), destination+"/"+p.exampleKey()
	covered := ""
	if p.Rule != nil {
		covered = wanted.PrefixOf(*p.Rule)
	}
	add := func(side pair.SideName, lack survey.Severity, meaning, resource string, actions ...string) {
		keys := ""
		if resource == origin || resource == replica {
			keys = wanted.ObjectsUnder(p.world.Pair.Side(side), covered)
		}
		for _, action := range actions {
			all = append(all, need{action: action, resource: resource, keys: keys, side: side, lack: lack, meaning: meaning, context: p.requestOf(side)})
		}
	}

	add(from, survey.Blocker, "S3 can't read the rules that it is to follow.", source, "s3:GetReplicationConfiguration")
	if p.replicatesMarkers() {
		add(from, survey.Warning, "S3 can't see delete markers, so they do not arrive.", source, "s3:ListBucket")
	}
	add(from, survey.Blocker, "S3 can't read the objects. "+nothingArrives, origin, "s3:GetObjectVersionForReplication")
	if !p.optsIn() {
		// GetObjectVersion does for objects that no KMS key encrypts.
		all[len(all)-1].instead = "s3:GetObjectVersion"
	}
	add(from, survey.Blocker, "S3 can't read the objects' ACLs. "+nothingArrives, origin, "s3:GetObjectVersionAcl")
	add(from, survey.Warning, "Objects arrive without their tags, and later changes of tags do not arrive.", origin, "s3:GetObjectVersionTagging")
	add(from, survey.Note, "Objects arrive without their annotations, where they have any.", origin, "s3:GetObjectVersionAnnotationForReplication")
	add(to, survey.Blocker, "S3 can't write the replicas. "+nothingArrives, replica, "s3:ReplicateObject")
	if p.replicatesMarkers() {
		add(to, survey.Warning, "Delete markers do not arrive.", replica, "s3:ReplicateDelete")
	}
	add(to, survey.Note, "S3 needs it for changes of tags where s3:ReplicateObject does not cover them.", replica, "s3:ReplicateTags")
	if p.from.ObjectLock {
		add(from, survey.Blocker, "S3 can't read what locks the objects. "+nothingArrives, origin, "s3:GetObjectRetention", "s3:GetObjectLegalHold")
	}
	if p.overridesOwner() && p.to.Ownership != types.ObjectOwnershipBucketOwnerEnforced {
		add(to, survey.Blocker, "S3 can't give the replicas to the owner of the other bucket. "+nothingArrives, replica, "s3:ObjectOwnerOverrideToBucketOwner")
	}
	return append(all, p.keyNeeds()...)
}

// keyNeeds are those about KMS keys, as far as the keys' ARNs are known.
func (p *Checkup) keyNeeds() []need {
	var all []need
	add := func(side pair.SideName, key string, bucketKey bucketKeys, lack survey.Severity, meaning, action string) {
		if !strings.HasPrefix(key, "arn:") {
			return
		}
		context := p.requestOf(side)
		bucket := p.world.Pair.Side(side).BucketARN()
		object := bucket + "/" + p.exampleKey()
		context["kms:viaservice"] = []string{"s3." + p.world.Pair.Side(side).Region + "." + pair.DNSSuffix(p.world.Pair.Side(side).Region)}
		context["kms:calleraccount"] = []string{p.from.Identity.Account}
		context["kms:encryptioncontextkeys"] = []string{"aws:s3:arn"}
		// With a bucket key, S3 names the bucket only.
		context["kms:encryptioncontext:aws:s3:arn"] = map[bucketKeys][]string{without: {object}, with: {bucket}, either: {bucket, object}}[bucketKey]
		all = append(all, need{action: action, resource: key, side: side, context: context, lack: lack, meaning: meaning})
	}
	from, to := p.direction.From(), p.direction.To()
	replica := bucketKeyOf(p.from.BucketKey, p.to.BucketKey)
	if p.optsIn() {
		add(from, p.sourceKey, bucketKeyOf(p.from.BucketKey, p.from.BucketKey), survey.Blocker, "S3 can't decrypt objects that this key encrypts: they read FAILED, for ever.", "kms:Decrypt")
		add(to, wanted.ReplicaKey(p.Rule), replica, survey.Blocker, "S3 can't encrypt the replicas: objects under KMS read FAILED, for ever.", "kms:Encrypt")
		if replica != without {
			lack := survey.Blocker
			if replica == either {
				lack = survey.Warning
			}
			add(to, wanted.ReplicaKey(p.Rule), with, lack, "S3 can't use a bucket key for the replicas: objects under KMS read FAILED, for ever.", "kms:Decrypt")
		}
	}
	if p.to.KMSDefault {
		add(to, p.keyARN(to, p.to.DefaultKey), bucketKeyOf(p.to.BucketKey, p.to.BucketKey), survey.Note,
			"Objects that are not encrypted at all, as some of before 2023 are, get the default key of the bucket where they arrive, which S3 may not use for them.", "kms:GenerateDataKey")
	}
	return all
}

// requestOf is what is known of S3's requests to one side.
func (p *Checkup) requestOf(side pair.SideName) map[string][]string {
	return map[string][]string{
		"aws:requestedregion": {p.world.Pair.Side(side).Region},
		"aws:securetransport": {"true"},
		"aws:resourceaccount": {p.survey(side).Identity.Account},
	}
}

// bucketKeys says whether objects under KMS are under an S3 Bucket Key.
type bucketKeys int

const (
	without bucketKeys = iota
	with
	either
)

// bucketKeyOf is what the settings of the bucket where an object comes from, and
// of the one where it is, say of it: a replica keeps the Bucket Key of what it
// copies; where that has none, it may get that of its bucket (S3 User Guide,
// "Using an S3 Bucket Key with replication").
func bucketKeyOf(origin, here bool) bucketKeys {
	switch {
	case origin:
		return with
	case here:
		return either
	}
	return without
}

func (p *Checkup) overridesOwner() bool {
	return p.Rule != nil && p.Rule.Destination != nil && p.Rule.Destination.AccessControlTranslation != nil
}

// keyARN completes a key's name to its ARN where that can be done: an alias
// does not tell which key it stands for.
func (p *Checkup) keyARN(side pair.SideName, key string) string {
	switch {
	case strings.HasPrefix(key, "arn:") && strings.Contains(key, ":key/"):
		return key
	case key == "" || strings.Contains(key, "alias/") || strings.HasPrefix(key, "arn:"):
		return ""
	}
	region := p.world.Pair.Side(side).Region
	return "arn:" + pair.PartitionOf(region) + ":kms:" + region + ":" + p.survey(side).Identity.Account + ":key/" + key
}

// findSourceKey is the default key of the bucket, or else the key that the
// replicas from the other side get here.
func (p *Checkup) findSourceKey() string {
	if key := p.keyARN(p.direction.From(), p.from.DefaultKey); key != "" {
		return key
	}
	if p.to.Replication == nil {
		return ""
	}
	back := &Checkup{world: p.world, direction: p.direction.Reverse()}
	return p.keyARN(p.direction.From(), wanted.ReplicaKey(back.choose(p.to.Replication.Rules)))
}
