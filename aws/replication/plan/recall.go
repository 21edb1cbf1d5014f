package plan

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// Unfinished is what is known of an earlier run of the pair that ended without
// an outcome.
type Unfinished struct {
	Name     string // in words: which run, and when
	Pair     pair.Pair
	InFlight []string // the IDs of the steps that were under way
	Places   map[string]pair.Place
	Torn     bool // the last line of its journal is cut off
}

// Recall tells the reviewer of an earlier run that ended without an outcome:
// which steps were in flight, and what AWS says of each now.
func (p *Plan) Recall(u Unfinished) {
	title := u.Name + " ended without an outcome"
	if u.Torn {
		title += ", and the last line of its journal is cut off"
	}
	meaning := "No step was in flight."
	if len(u.InFlight) > 0 {
		said := make([]string, len(u.InFlight))
		for i, id := range u.InFlight {
			if u.Pair.A != p.Pair.A {
				id = u.Places[id].Swapped(id)
			}
			said[i] = id + p.says(id)
		}
		meaning = "In flight was " + strings.Join(said, "; ") + "."
	}
	p.addFinding(finding(survey.Warning, "", title, meaning+" This plan begins from what AWS says now, so nothing has to be cleaned up first."))
}

// says is what the plan found where a step was in flight.
func (p *Plan) says(id string) string {
	for _, st := range p.Steps {
		switch {
		case st.ID != id:
		case st.Change == step.Nothing:
			return ": AWS says that it took effect (" + st.What + ")"
		case st.Change == step.Prove, st.Change == step.Wait:
			return ": it is done again"
		default:
			return ": AWS says that it is still to be done (" + st.What + ")"
		}
	}
	return ": this plan has no such step"
}

// OfAnotherAccount tells the reviewer that an earlier run of a pair of the same
// name belonged to other accounts, so that its journal says nothing here.
func (p *Plan) OfAnotherAccount(name string, side pair.SideName, account string) {
	p.addFinding(finding(survey.Note, side, fmt.Sprintf("%s was in account %s", name, account),
		fmt.Sprintf("These credentials belong to account %s, so its journal is left out. The plan knows only what AWS says.", p.Accounts[side])))
}

// BesidePrefix tells the reviewer of a tear-down that an earlier run of the
// pair worked under another prefix: once the rules are gone, nothing in AWS
// says where its objects are.
func (p *Plan) BesidePrefix(name, prefix string) {
	at := p.Pair
	at.Options.Prefix = prefix
	if p.Purpose != pair.TearDown || prefix == p.Pair.Options.Prefix || p.looksUnder(prefix) {
		return
	}
	flag := "--prefix " + account.Quote(prefix)
	if prefix == "" {
		flag = "no --prefix"
	}
	p.addFinding(finding(survey.Warning, "", fmt.Sprintf("%s worked under the prefix %q, and this tear-down looks under %q", name, prefix, p.Pair.Options.Prefix),
		"Canaries and probes that it left are not looked for here. Run destroy with "+flag+" too."))
}

// looksUnder says whether the plan takes what is ours under a prefix away.
func (p *Plan) looksUnder(prefix string) bool {
	return slices.ContainsFunc(p.Steps, func(s step.Step) bool { return s.SweepsUnder(prefix) })
}

// Block keeps the plan from running, for a reason outside of AWS.
func (p *Plan) Block(title, meaning string) {
	p.addFinding(finding(survey.Blocker, "", title, meaning))
}

// Warn tells the reviewer something that AWS doesn't know.
func (p *Plan) Warn(title, meaning string) { p.addFinding(finding(survey.Warning, "", title, meaning)) }

func (p *Plan) addFinding(f survey.Finding) {
	p.Findings = append(slices.Clip(p.Findings), f)
	slices.SortStableFunc(p.Findings, func(x, y survey.Finding) int { return survey.Rank(x.Severity) - survey.Rank(y.Severity) })
}
