package plan

import (
	"fmt"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// keyFindings says what KMS means for the pair. Objects that are encrypted
// with a KMS key replicate only under a rule that names a key for the replicas
// (S3 User Guide, "Replicating encrypted objects").
func keyFindings(s *survey.Survey) []survey.Finding {
	if !wanted.Encrypts(s) {
		return nil
	}
	var found []survey.Finding
	for _, name := range pair.Sides() {
		found = append(found, sideKeyFindings(s, name)...)
	}
	for _, d := range pair.Directions() {
		p := wantedCheckup(s, d)
		p.Troubles = nil
		p.KeyPolicies()
		for _, t := range p.Troubles {
			severity := survey.Warning
			if t.Severity == survey.Note {
				severity = survey.Note
			}
			found = append(found, finding(severity, t.Side, t.Title, keyMeaning(t.Meaning, t.Todo, t.CLI)))
		}
	}
	return found
}

func sideKeyFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	side, bucket := s.Sides[name], s.World.Pair.Side(name).Bucket
	flag := "--kms-" + strings.ToLower(string(name))
	given := s.World.Pair.Given.Key(name)
	one := func(severity survey.Severity, title, meaning string) []survey.Finding {
		return []survey.Finding{finding(severity, name, title, meaning)}
	}
	if by := side.DefaultKey; given != "" && side.KMSDefault && strings.Contains(by, "alias/") {
		return append(one(survey.Warning, "objects here are encrypted under "+by+": is that the key "+wanted.ShortKey(given)+"?",
			"Which key an alias names is not read. If it is another one, the role may not decrypt what is written here, and the canary fails: give the alias's own key with "+flag+", or name the key by its ARN as the default of "+bucket+"."),
			givenKeyFindings(s, name, given)...)
	}
	switch key := wanted.Key(s, name); {
	case key == "" && wanted.ManagedDefault(s, name):
		return one(survey.Blocker, "new objects are encrypted with the account's aws/s3 key",
			"AWS manages that key, and its policy can't let a replication role in from elsewhere. Make a customer managed key in this region, make it the default of "+bucket+", and plan again; or give one for the replicas with "+flag+".")
	case key == "" && side.KMSDefault:
		return one(survey.Blocker, "new objects are encrypted with a KMS key that is named by an alias: "+side.DefaultKey,
			"A role's policy has to name the key itself. Give its ARN with "+flag+".")
	case key == "":
		return one(survey.Blocker, "side "+string(name)+" has no KMS key, the other side has one",
			"Objects that are encrypted with KMS need a key on both sides, or they replicate one way only. Give this side's with "+flag+" ARN.")
	case given == "" && survey.AccountOf(key) == side.Identity.Account:
		return append(one(survey.Note, "new objects are encrypted with "+wanted.ShortKey(key)+", the bucket's default",
			"It is taken for the replicas on this side too; "+flag+" would take another. "+key), sharedKeyFindings(s, name, key)...)
	default:
		return givenKeyFindings(s, name, key)
	}
}

// givenKeyFindings is about a key that is chosen, or another account's.
func givenKeyFindings(s *survey.Survey, name pair.SideName, key string) []survey.Finding {
	if survey.AccountOf(key) != s.Sides[name].Identity.Account {
		return []survey.Finding{finding(survey.Warning, name, wanted.ShortKey(key)+" is one of account "+survey.AccountOf(key),
			"Its policy must let the replication role and this side's account in. It is that account's alone to read, so the canary shows whether it does.")}
	}
	return sharedKeyFindings(s, name, key)
}

// sharedKeyFindings says what the policy of a key has to allow, which
// bothways does not write: a key policy is the key owner's alone.
func sharedKeyFindings(s *survey.Survey, name pair.SideName, key string) []survey.Finding {
	d := wanted.Incoming(name)
	role, action := wanted.RoleARN(s, d), "kms:Encrypt"
	if s.Sides[name].KMSDefault {
		action += ", kms:GenerateDataKey"
	}
	if s.Sides[name].BucketKey {
		action += ", kms:Decrypt"
	}
	if s.TwoAccounts() {
		return []survey.Finding{finding(survey.Warning, name, "the policy of "+wanted.ShortKey(key)+" must let the other account's role in",
			fmt.Sprintf("bothways does not change key policies. It has to allow %s to %s. What lacks is said by itself, where the policy can be read; the canary shows whether it works.", action, role))}
	}
	return nil
}

// keyMeaning puts a way out beside what it is for.
func keyMeaning(meaning, todo, line string) string {
	text := meaning + " " + todo
	if line != "" {
		text += " " + line
	}
	return text
}

// keyUploadFindings says what the key that uploads of ours to a side are under
// says to them.
func keyUploadFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	canary := wanted.CanaryUpload(s, wanted.Incoming(name.Other()))
	use := wanted.KeyUseOf(s, name, canary.Headers, s.World.Pair.CanaryPrefix())
	if use == nil {
		return nil
	}
	var found []survey.Finding
	for _, action := range wanted.UploadsUse(true) {
		says := use.KeySays(s, name, action)
		key, who := wanted.ShortKey(says.Key), s.Sides[name].Identity.Name()
		lack, does := survey.Blocker, "No canary could be written, and no direction proven."
		if action == "kms:Decrypt" { // one request does without
			lack, does = survey.Warning, "Uploads in parts fail, and what is read of objects with their checksums is refused."
		}
		switch k := s.Keys[says.Key]; {
		case says.Answer == policy.Yes:
		case k.Unusable() != "":
			return []survey.Finding{finding(survey.Blocker, name, key+" can't be used: "+k.Unusable(),
				keyMeaning("Uploads under it are refused.", "Make it usable again where that is meant, or name another.", lineToEnable(s, k)))}
		case says.Answer == policy.No && says.Lacks:
			found = append(found, finding(lack, name, fmt.Sprintf("%s may not %s with %s: %s", who, action, key, says.Reason),
				keyMeaning("What a key's policy leaves out, no policy of IAM can give. "+does, "Add a statement to it.",
					s.LetIntoKey(says.Key, s.Caller(name).Lasting(), wanted.UploadsUse(true), []string{use.Through.Service}))))
		case says.Answer == policy.No:
			found = append(found, finding(lack, name, fmt.Sprintf("%s may not %s with %s: %s", who, action, key, says.Reason),
				"It is an explicit deny, which outweighs whatever allows it. "+does+" Except these credentials from the statement, or choose another key."))
		case k.Policy == "":
			return append(found, finding(survey.Note, name, "what the key policy of "+key+" says to uploads is not known: "+says.Reason,
				"If it leaves "+who+" out, uploads are refused. The canary shows it."))
		default:
			found = append(found, finding(survey.Warning, name, fmt.Sprintf("%s may perhaps not %s with %s: %s", who, action, key, says.Reason),
				"It hangs on "+strings.Join(says.Unknown, ", ")+", which is not known here. The canary shows it."))
		}
	}
	return found
}

// lineToEnable is a line for the AWS CLI that enables a key again, or "".
func lineToEnable(s *survey.Survey, k survey.Key) string {
	if k.State != "Disabled" {
		return ""
	}
	return s.KeyLine(k.ARN, "enable-key")
}
