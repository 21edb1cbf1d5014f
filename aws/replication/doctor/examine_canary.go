package doctor

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/upload"
)

// under is the world with a prefix that the rule covers.
func (p *Checkup) under() survey.World {
	world := p.world
	if prefix := wanted.PrefixOf(*p.Rule); !strings.HasPrefix(world.Pair.Options.Prefix, prefix) {
		world.Pair.Options.Prefix = prefix
	}
	return world
}

// canary is what a canary has to carry for the rule to cover it and for the
// bucket's policy to let it in.
func (p *Checkup) canary() upload.Upload {
	tags := make([]pair.Tag, 0, 4)
	for _, t := range wanted.TagsOf(*p.Rule) {
		tags = append(tags, pair.Tag{Key: *t.Key, Value: *t.Value})
	}
	anyway := upload.Headers{Tags: pair.NewTags(tags)}
	if p.optsIn() && !p.from.KMSDefault && p.sourceKey != "" { // the harder case
		anyway.Encryption, anyway.Key = types.ServerSideEncryptionAwsKms, p.sourceKey
	}
	return wanted.Upload(p.all, p.direction.From(), p.under().Pair.CanaryPrefix(), anyway, false)
}

// refusedCanary says what keeps a canary from being written, or "": a statement
// of the bucket's policy, or the key that it would be under.
func (p *Checkup) refusedCanary() string {
	if by := p.canary().RefusedBy(); by != "" {
		return fmt.Sprintf("the bucket policy of %s denies the upload, whatever headers it carries (%s)", p.fromBucket(), by)
	}
	use := wanted.KeyUseOf(p.all, p.direction.From(), p.canary().Headers, p.under().Pair.CanaryPrefix())
	if use == nil {
		return ""
	}
	if says := use.KeySays(p.all, p.direction.From(), "kms:GenerateDataKey"); says.Answer == policy.No {
		return fmt.Sprintf("the key %s does not let it be written: %s", wanted.ShortKey(says.Key), says.Reason)
	}
	return ""
}

// ofCanaries says whether canaries take a right.
func ofCanaries(r survey.Right) bool {
	return r.For == pair.SetUp && strings.Contains(r.Action, "Object") && strings.Contains(r.Resource, "/")
}

// keptCanary says why a canary could not be removed again, or "".
func (p *Checkup) keptCanary() string {
	if p.world.Consent.To(pair.KeepCanaries) {
		return ""
	}
	for _, side := range pair.Sides() {
		if why, _ := wanted.Kept(p.all, side, p.under().Pair.CanaryPrefix()); why != "" {
			return "it could not be removed again (" + why + "); --keep-canaries agrees to that"
		}
	}
	return ""
}
