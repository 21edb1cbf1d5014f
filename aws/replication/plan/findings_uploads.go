package plan

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/upload"
)

// uploadFindings says what the policy of a side's bucket makes of the uploads
// of ours: they are known beforehand. proves says that the plan itself writes
// canaries there.
func uploadFindings(s *survey.Survey, name pair.SideName, proves bool) []survey.Finding {
	bucket := s.World.Pair.Side(name).Bucket
	sent := wanted.CanaryUpload(s, wanted.Incoming(name.Other()))
	severity, then := survey.Blocker, "No canary could be written, and no direction proven. Except these credentials from the statement, or choose another bucket."
	if !proves {
		severity, then = survey.Warning, "This plan writes none, but neither can doctor --canary, nor a probe. Except these credentials from the statement."
	}
	var found []survey.Finding
	for _, m := range sent.Denied {
		if m.Answer == policy.Yes {
			found = append(found, finding(severity, name, fmt.Sprintf("the bucket policy of %s denies every upload of bothways (%s)", bucket, m.Statement.Name()),
				"It is an explicit deny, which outweighs whatever allows it"+asksFor(m.Statement)+". "+then))
			continue
		}
		found = append(found, finding(survey.Warning, name, fmt.Sprintf("the bucket policy of %s may deny the uploads of bothways (%s)", bucket, m.Statement.Name()),
			"Whether it does hangs on "+strings.Join(m.Unknown, ", ")+", which is not known here. The canary shows it: an explicit deny outweighs whatever allows it."))
	}
	found = append(found, probeFindings(s, name, sent)...)
	if !proves {
		return found
	}
	asks := askers(s, name, sent)
	if len(asks) == 0 {
		return found
	}
	found = append(found, finding(survey.Note, name, "uploads of bothways carry "+sent.Words(), carried(s, name, sent, asks)+
		" Such conditions go by what a request says, not by what the bucket does by default."))
	if key := sent.Key; strings.HasPrefix(string(sent.Encryption), "aws:kms") && !slices.Contains(wanted.KeysOf(s, name), key) {
		which := "the ARN of its key"
		if strings.Contains(key, ":key/") {
			which = key
		}
		found = append(found, finding(survey.Blocker, name, "uploads to "+bucket+" have to be under KMS",
			"It is asked for by "+survey.Shorter(asks)+". Objects that are encrypted with KMS need a key on both sides, which the role may use, or they do not replicate. Give "+which+" with --kms-"+strings.ToLower(string(name))+", and the other side's too."))
	}
	return found
}

// probeFindings says which statements deny the uploads of probes, where those of
// canaries pass: they lie under another prefix, and large ones come in parts.
func probeFindings(s *survey.Survey, name pair.SideName, canary upload.Upload) []survey.Finding {
	var found []survey.Finding
	for _, m := range wanted.ProbeUpload(s, name, s.World.Pair.Options.FilterTags, true).Denied {
		told := slices.ContainsFunc(canary.Denied, func(c policy.Match) bool { return c.Statement.Number == m.Statement.Number })
		if m.Answer != policy.Yes || told {
			continue
		}
		found = append(found, finding(survey.Warning, name, fmt.Sprintf("the bucket policy of %s denies uploads of probes (%s)", s.World.Pair.Side(name).Bucket, m.Statement.Name()),
			"It is an explicit deny of objects under "+s.World.Pair.ProbePrefix()+", or of what comes in parts"+asksFor(m.Statement)+
				". This plan writes no probe, but a measurement would fail. Except these credentials from the statement."))
	}
	return found
}

// askers are who asks for headers that uploads would not carry otherwise.
func askers(s *survey.Survey, name pair.SideName, sent upload.Upload) []string {
	var asks []string
	for _, statement := range sent.Asked {
		asks = append(asks, "the bucket policy ("+statement.Name()+")")
	}
	if (s.Sides[name].Carries != upload.Headers{}) {
		asks = append(asks, "what limits "+s.Sides[name].Identity.Name()+", by IAM's simulation")
	}
	return asks
}

// carried says of each header where it comes from: from the options of the pair,
// or from who asks for it.
func carried(s *survey.Survey, name pair.SideName, sent upload.Upload, asks []string) string {
	chosen := wanted.CanaryHeaders(s, wanted.Incoming(name.Other()))
	var words []string
	if tags := (upload.Headers{Tags: chosen.Tags}).Words(); tags != "" {
		words = append(words, tags+" comes from --filter-tag.")
	}
	if key := (upload.Headers{Encryption: chosen.Encryption, Key: chosen.Key}).Words(); key != "" {
		words = append(words, key+" comes from --kms-"+strings.ToLower(string(name))+".")
	}
	if asked := sent.Beyond(chosen).Words(); asked != "" {
		words = append(words, asked+" is asked for by "+survey.Shorter(asks)+".")
	}
	return strings.Join(words, " ")
}

// asksFor names what a statement's conditions go by.
func asksFor(s policy.Statement) string {
	switch keys := s.ConditionKeys(); {
	case slices.Contains(keys, "s3:x-amz-server-side-encryption-aws-kms-key-id"):
		return ", and goes by the KMS key that an upload names: a key of the pair's (--kms-a, --kms-b) is named by each (its conditions go by " + strings.Join(keys, ", ") + ")"
	case len(keys) > 0:
		return ", and what it asks for can't be sent along (its conditions go by " + strings.Join(keys, ", ") + ")"
	}
	return ""
}

// keptFindings says that canaries could not be deleted again. Where a retention
// or MFA delete is the reason, that is said of the bucket.
func keptFindings(s *survey.Survey, name pair.SideName, proves bool) []survey.Finding {
	why, certain := wanted.Kept(s, name, s.World.Pair.CanaryPrefix())
	if why == "" {
		why, certain = wanted.Kept(s, name, s.World.Pair.ProbePrefix())
		proves = false // of canaries nothing stays
	}
	if why == "" || s.Sides[name].Retention || s.Sides[name].MFADelete {
		return nil
	}
	if !certain {
		why += ", as IAM's simulation says"
	}
	if !proves {
		return []survey.Finding{finding(survey.Warning, name, why,
			"What doctor --canary and probes write could not be deleted again, so they write nothing there unless that is agreed to (--keep-canaries, --keep).")}
	}
	return []survey.Finding{agreeable(s, pair.KeepCanaries, survey.Warning, name, why,
		"Canaries could not be deleted again, by this run or by destroy: each proof leaves a few tiny objects under "+s.World.Pair.CanaryPrefix()+".")}
}

// keeps names the sides that canaries stay on, or is "".
func keeps(s *survey.Survey) string {
	var sides []string
	for _, name := range pair.Sides() {
		if why, _ := wanted.Kept(s, name, s.World.Pair.CanaryPrefix()); why != "" {
			sides = append(sides, "side "+string(name))
		}
	}
	return strings.Join(sides, " and ")
}
