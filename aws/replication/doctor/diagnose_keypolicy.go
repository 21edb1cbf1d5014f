package doctor

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// grantedByKey says whether the key's policy allows the role what its own
// policies don't, which inside the key's account does as well.
func (p *Checkup) grantedByKey(n need, r survey.Ruling) policy.Match {
	if n.isS3() || survey.AccountOf(n.resource) != survey.AccountOf(p.Role.Arn) {
		return policy.Match{}
	}
	return p.all.AskKey(n.resource, p.Request(n)).GrantsItself(r)
}

// KeyPolicies says what the keys deny the role, and what they do not allow it: of
// what a key's policy leaves out, no policy of the role can give anything.
func (p *Checkup) KeyPolicies() {
	if p.Role.Arn == "" {
		return
	}
	type hit struct {
		survey.KeySays
		need
		actions []string
	}
	var hits []*hit
	for _, n := range p.Needs() {
		if n.isS3() {
			continue
		}
		says := p.all.AskKey(n.resource, p.Request(n))
		if says.Answer == policy.Yes {
			continue
		}
		i := slices.IndexFunc(hits, func(h *hit) bool {
			return h.Key == says.Key && h.Reason == says.Reason && h.side == n.side && slices.Equal(h.Unknown, says.Unknown)
		})
		if i < 0 {
			hits = append(hits, &hit{KeySays: says, need: n})
			i = len(hits) - 1
		}
		h := hits[i]
		h.actions = append(h.actions, n.action)
		if survey.Rank(n.lack) < survey.Rank(h.lack) {
			h.lack, h.meaning = n.lack, n.meaning
		}
	}
	for _, h := range hits {
		p.add(p.keyTrouble(h.KeySays, h.need, h.actions))
	}
}

// keyTrouble words what a key says to actions of the role.
func (p *Checkup) keyTrouble(says survey.KeySays, n need, actions []string) Trouble {
	key := wanted.ShortKey(says.Key)
	what := fmt.Sprintf("the key policy of %s", key)
	t := Trouble{
		Severity: n.lack, Side: n.side, Cause: CauseKMS, Missing: says.Key, Meaning: n.meaning,
		Title: fmt.Sprintf("role %s may not %s with %s: %s", p.Role.Name, survey.Shorter(actions), key, says.Reason),
		Todo:  "Except the role from the statement in " + what + ".",
	}
	k := p.all.Keys[says.Key]
	switch {
	case k.Unusable() != "":
		t.Title = fmt.Sprintf("%s can't be used: %s", key, k.Unusable())
		t.Todo = "Name another key, or make it usable again where that is meant."
		if k.State == "Disabled" {
			t.Todo = "Enable it, where that is meant."
			t.CLI = p.all.KeyLine(says.Key, "enable-key")
		}
	case says.Answer == policy.Perhaps && k.Policy == "":
		t.Severity, t.Missing = survey.Note, survey.ReadKeyPolicy
		t.Title = fmt.Sprintf("what the key policy of %s says to role %s is not known: %s", key, p.Role.Name, says.Reason)
		t.Meaning, t.Todo = "A key policy that leaves the role out makes objects under the key read FAILED.", "Grant "+survey.ReadKeyPolicy+", or let a canary show it."
	case says.Answer == policy.Perhaps:
		t.Certainty = Conceivable
		t.Title = fmt.Sprintf("role %s may perhaps not %s with %s: %s", p.Role.Name, survey.Shorter(actions), key, says.Reason)
		if slices.Contains(says.Unknown, survey.ListGrants) {
			t.Missing, t.Todo = survey.ListGrants, "Grant "+survey.ListGrants+", or let a canary show it: a lack would be of a statement for the role in "+what+"."
			break
		}
		t.Meaning += " It hangs on " + strings.Join(says.Unknown, ", ") + ", which only S3 and KMS know."
		t.Todo = "If a canary fails, look at the statement in " + what + "."
	case says.Lacks:
		t.Todo = "Add a statement for the role to " + what + "."
		if !p.Role.Planned { // KMS takes no principal that is not there
			t.CLI = p.all.LetIntoKey(says.Key, p.Role.Arn, actions, n.context["kms:viaservice"])
		}
	}
	return t
}
