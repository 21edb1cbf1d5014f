package fis

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Target says what buckets there are to be paused.
type Target struct {
	ResourceType  string            `json:"resourceType"`
	ResourceARNs  []string          `json:"resourceArns,omitempty"`
	ResourceTags  map[string]string `json:"resourceTags,omitempty"`
	Filters       []any             `json:"filters,omitempty"`
	SelectionMode string            `json:"selectionMode"`
	Parameters    map[string]string `json:"parameters,omitempty"`
}

// Action is what is done.
type Action struct {
	ActionID    string            `json:"actionId"`
	Description string            `json:"description,omitempty"`
	Parameters  map[string]string `json:"parameters,omitempty"`
	Targets     map[string]string `json:"targets,omitempty"`
	StartAfter  []string          `json:"startAfter,omitempty"`
}

// StopCondition is what stops an experiment by itself.
type StopCondition struct {
	Source string `json:"source"`
	Value  string `json:"value,omitempty"`
}

// The sources of stop conditions.
const (
	fromNothing = "none"
	fromAlarm   = "aws:cloudwatch:alarm"
)

// Options are those of a template, and of an experiment with ActionsMode.
type Options struct {
	AccountTargeting string `json:"accountTargeting,omitempty"`
	EmptyTargets     string `json:"emptyTargetResolutionMode,omitempty"`
	ActionsMode      string `json:"actionsMode,omitempty"`
}

// Plan is what a template and its experiments have in common.
type Plan struct {
	Targets        map[string]Target `json:"targets,omitempty"`
	Actions        map[string]Action `json:"actions"`
	StopConditions []StopCondition   `json:"stopConditions"`
	RoleARN        string            `json:"roleArn"`
	Options        Options           `json:"experimentOptions"`
}

// Template is one that experiments can be started from.
type Template struct {
	ID, Account, Region string
	// Token is the client's, and Document what else was in its request.
	Token, Document  string
	Description      string
	Plan             Plan
	Tags             map[string]string
	Created, Updated time.Time
}

// ARN is that of the template.
func (t *Template) ARN() string { return arn(t.Region, t.Account, "experiment-template/"+t.ID) }

// check holds a plan to what FIS asks of it, and fills in what may be left out.
func (p *Plan) check() error {
	if err := first(p.checkOptions(), p.checkConditions()); err != nil {
		return err
	}
	switch {
	case p.Actions == nil:
		return missing("actions")
	case len(p.Actions) == 0:
		return invalid("An experiment template must have at least one action")
	case len(p.Actions) > mostActions:
		return overQuota("You have exceeded the quota of " + strconv.Itoa(mostActions) + " actions in an experiment template")
	}
	for _, name := range slices.Sorted(maps.Keys(p.Targets)) {
		t := p.Targets[name]
		if err := first(solid("targets.key", name, 1, 64), t.check(name)); err != nil {
			return err
		}
		p.Targets[name] = t
	}
	for _, name := range slices.Sorted(maps.Keys(p.Actions)) {
		if err := first(solid("actions.key", name, 1, 64), p.checkAction(name, p.Actions[name])); err != nil {
			return err
		}
	}
	return p.checkOrder()
}

func (p *Plan) checkOptions() error {
	o := &p.Options
	if o.AccountTargeting == "" {
		o.AccountTargeting = "single-account"
	}
	if o.EmptyTargets == "" {
		o.EmptyTargets = "fail" // AWS FIS User Guide, Experiment options
	}
	switch {
	case o.AccountTargeting == "multi-account":
		return notHere("experiments over several accounts")
	case o.AccountTargeting != "single-account":
		return invalid("1 validation error detected: Value '" + o.AccountTargeting + "' at 'experimentOptions.accountTargeting' failed to satisfy constraint: Member must satisfy enum value set: [single-account, multi-account]")
	case o.EmptyTargets != "fail" && o.EmptyTargets != "skip":
		return invalid("1 validation error detected: Value '" + o.EmptyTargets + "' at 'experimentOptions.emptyTargetResolutionMode' failed to satisfy constraint: Member must satisfy enum value set: [fail, skip]")
	}
	o.ActionsMode = "" // it is chosen at the start
	return nil
}

func (p *Plan) checkConditions() error {
	switch {
	case p.StopConditions == nil:
		return missing("stopConditions")
	case len(p.StopConditions) == 0:
		return invalid("There must be at least one stop condition; its source can be none")
	case len(p.StopConditions) > mostConditions:
		return overQuota("You have exceeded the quota of " + strconv.Itoa(mostConditions) + " stop conditions in an experiment template")
	}
	for _, c := range p.StopConditions {
		switch {
		case c.Source == "":
			return missing("stopConditions.member.source")
		case c.Source == fromNothing && c.Value == "" && len(p.StopConditions) == 1:
		case c.Source == fromNothing:
			return invalid("A stop condition with the source none stands alone, and has no value")
		case c.Source != fromAlarm:
			return invalid("The source of a stop condition is none or " + fromAlarm + ", not " + strconv.Quote(c.Source))
		case !strings.HasPrefix(c.Value, "arn:aws:cloudwatch:") || !strings.Contains(c.Value, ":alarm:"):
			return invalid("The value of a stop condition must be the ARN of an alarm, not " + strconv.Quote(c.Value))
		}
	}
	return nil
}

// checkOrder refuses actions that wait for none that there is, or for themselves.
func (p *Plan) checkOrder() error {
	done := map[string]bool{}
	for range p.Actions {
		for name, action := range p.Actions {
			if !slices.ContainsFunc(action.StartAfter, func(before string) bool { return !done[before] }) {
				done[name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Actions)) {
		if !done[name] {
			return invalid("The action " + strconv.Quote(name) + " can never start: what it has in startAfter is no action of the template, or waits for it")
		}
	}
	return nil
}
