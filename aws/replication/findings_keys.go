package replication

import (
	"fmt"
	"strings"

	"bothways/aws/pair"
)

// keyFindings says what KMS means for the pair. Objects that are encrypted
// with a KMS key replicate only under a rule that names a key for the replicas
// (S3 User Guide, "Replicating encrypted objects").
func (s *Survey) keyFindings() []Finding {
	if !s.encrypts() {
		return nil
	}
	var found []Finding
	for _, name := range pair.Sides() {
		found = append(found, s.sideKeyFindings(name)...)
	}
	return found
}

func (s *Survey) sideKeyFindings(name pair.SideName) []Finding {
	side, bucket := s.Sides[name], s.World.Pair.Side(name).Bucket
	flag := "--kms-" + strings.ToLower(string(name))
	given := s.World.Pair.Given.Key(name)
	one := func(severity Severity, title, meaning string) []Finding {
		return []Finding{finding(severity, name, title, meaning)}
	}
	if by := side.DefaultKey; given != "" && side.KMSDefault && strings.Contains(by, "alias/") {
		return append(one(Warning, "objects here are encrypted under "+by+": is that the key "+shortKey(given)+"?",
			"Which key an alias names is not read. If it is another one, the role may not decrypt what is written here, and the canary fails: give the alias's own key with "+flag+", or name the key by its ARN as the default of "+bucket+"."),
			s.givenKeyFindings(name, given)...)
	}
	switch key := s.key(name); {
	case key == "" && s.managedDefault(name):
		return one(Blocker, "new objects are encrypted with the account's aws/s3 key",
			"AWS manages that key, and its policy can't let a replication role in from elsewhere. Make a customer managed key in this region, make it the default of "+bucket+", and plan again; or give one for the replicas with "+flag+".")
	case key == "" && side.KMSDefault:
		return one(Blocker, "new objects are encrypted with a KMS key that is named by an alias: "+side.DefaultKey,
			"A role's policy has to name the key itself. Give its ARN with "+flag+".")
	case key == "":
		return one(Blocker, "side "+string(name)+" has no KMS key, the other side has one",
			"Objects that are encrypted with KMS need a key on both sides, or they replicate one way only. Give this side's with "+flag+" ARN.")
	case given == "" && accountOf(key) == side.Identity.Account:
		return append(one(Note, "new objects are encrypted with "+shortKey(key)+", the bucket's default",
			"It is taken for the replicas on this side too; "+flag+" would take another. "+key), s.sharedKeyFindings(name, key)...)
	default:
		return s.givenKeyFindings(name, key)
	}
}

// givenKeyFindings is about a key that is chosen, or another account's.
func (s *Survey) givenKeyFindings(name pair.SideName, key string) []Finding {
	if accountOf(key) != s.Sides[name].Identity.Account {
		return []Finding{finding(Warning, name, shortKey(key)+" is one of account "+accountOf(key),
			"Its policy must let the replication role and this side's account in. The canary shows whether it does.")}
	}
	return s.sharedKeyFindings(name, key)
}

// sharedKeyFindings says what the policy of a key has to allow, which
// bothways can't see to: a key policy is the key owner's alone.
func (s *Survey) sharedKeyFindings(name pair.SideName, key string) []Finding {
	d := incoming(name)
	role, action := s.wantedRoleARN(d), "kms:Encrypt"
	if s.Sides[name].KMSDefault {
		action += ", kms:GenerateDataKey"
	}
	if s.Sides[name].BucketKey {
		action += ", kms:Decrypt"
	}
	if s.twoAccounts() {
		return []Finding{finding(Warning, name, "the policy of "+shortKey(key)+" must let the other account's role in",
			fmt.Sprintf("bothways does not change key policies. Add a statement that allows %s to %s. The canary shows whether it works.", action, role))}
	}
	return nil
}
