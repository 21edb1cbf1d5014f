package doctor

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// encryption says where objects under KMS stay behind.
func (p *Checkup) encryption() {
	from, to := p.direction.From(), p.direction.To()
	key, in := wanted.ReplicaKey(p.Rule), p.optsIn()
	region := p.world.Pair.Side(to).Region
	switch {
	case p.from.KMSDefault && !in:
		p.add(Trouble{
			Severity: survey.Blocker, Side: from, Cause: CauseKMS, Missing: "SseKmsEncryptedObjects",
			Title:   fmt.Sprintf("%s encrypts every new object with a KMS key, and the rule %s leaves such objects out", p.fromBucket(), p.ruleID()),
			Meaning: "They are not replicated, and show no replication status.",
			Todo:    "Opt in with SseKmsEncryptedObjects and a key in " + region + ", and give the role both keys.", Apply: p.ownRule(),
		})
	case in && key == "":
		p.add(Trouble{
			Severity: survey.Blocker, Side: from, Cause: CauseKMS, Missing: "ReplicaKmsKeyID",
			Title:   "the rule " + p.ruleID() + " takes in objects under KMS and names no key for the replicas",
			Meaning: "KMS is set half: S3 needs both.", Todo: "Name a key in " + region + ".", Apply: p.ownRule(),
		})
	case !in && key != "":
		p.add(Trouble{
			Severity: survey.Blocker, Side: from, Cause: CauseKMS, Missing: "SseKmsEncryptedObjects",
			Title:   "the rule " + p.ruleID() + " names a key for the replicas and leaves objects under KMS out",
			Meaning: "KMS is set half: such objects are not replicated, and show no replication status.", Todo: "Enable SseKmsEncryptedObjects.",
			mend: func(r *types.ReplicationRule) {
				criteriaOf(r).SseKmsEncryptedObjects = &types.SseKmsEncryptedObjects{Status: types.SseKmsEncryptedObjectsStatusEnabled}
			}, Apply: p.ownRule(),
		})
	}
	if key == "" {
		return
	}
	if at := keyRegion(key); at != "" && at != region {
		p.add(Trouble{
			Severity: survey.Blocker, Side: to, Cause: CauseKMS, Missing: key,
			Title:   "the key for the replicas lies in " + at + ", the bucket in " + region,
			Meaning: "S3 takes the configuration, and then objects under KMS read FAILED. A multi-Region key counts as one of its own region.",
			Todo:    "Name a key in " + region + ".", Apply: p.ownRule(),
		})
	}
	if p.otherAccount() && strings.HasSuffix(key, "alias/aws/s3") {
		p.add(Trouble{
			Severity: survey.Blocker, Side: to, Cause: CauseKMS, Missing: key,
			Title: "the key for the replicas is the aws/s3 key of another account", Meaning: "AWS's own keys can't be shared between accounts.",
			Todo: "Name a customer managed key whose policy lets the role encrypt.",
		})
	}
	if by := p.from.DefaultKey; in && p.from.KMSDefault && p.sourceKey == "" && strings.Contains(by, "alias/") {
		p.add(Trouble{
			Severity: survey.Note, Side: from, Cause: CauseKMS, Missing: by, Certainty: Certain,
			Title:   "which key " + by + " names is not read, and so what its policy says is not known",
			Meaning: "A disabled key, or a key policy that leaves the role out, makes objects under KMS read FAILED.",
			Todo:    "If such objects fail and nothing else is found, look at that key.",
		})
	}
}

// keyRegion is the region that a key's ARN names, or "" for another name.
func keyRegion(key string) string {
	if parts := strings.SplitN(key, ":", 6); len(parts) == 6 && parts[2] == "kms" {
		return parts[3]
	}
	return ""
}
