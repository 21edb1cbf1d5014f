package fis

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// linkedRole is the role of the account that FIS makes when somebody starts an
// experiment for the first time (AWS FIS User Guide, Service-linked roles).
const (
	linkedRole        = "AWSServiceRoleForFIS"
	linkedDescription = "Role to enable AWS FIS to manage monitoring and resource selection for experiments."
)

// experimentRequest is what StartExperiment takes.
type experimentRequest struct {
	Token    string            `json:"clientToken"`
	Template string            `json:"experimentTemplateId"`
	Options  Options           `json:"experimentOptions"`
	Tags     map[string]string `json:"tags,omitempty"`
}

func (in *experimentRequest) check() error {
	mode := &in.Options.ActionsMode
	if *mode == "" {
		*mode = "run-all"
	}
	if *mode != "run-all" && *mode != "skip-all" {
		return invalid("1 validation error detected: Value '" + *mode + "' at 'experimentOptions.actionsMode' failed to satisfy constraint: Member must satisfy enum value set: [skip-all, run-all]")
	}
	return first(solid("clientToken", in.Token, 1, 1024), solid("experimentTemplateId", in.Template, 1, 64), checkTags(in.Tags))
}

// startExperiment begins an experiment, which needs the right for the template
// and for the experiment (AWS FIS User Guide, Identity-based policy examples).
func startExperiment(c *call) (any, error) {
	var in experimentRequest
	unread := c.read(&in)
	id := newID("EXP")
	own := arn(c.region, c.account, "experiment/"+id)
	var from *Template
	for _, t := range c.templates {
		if t.ID == in.Template && t.Account == c.account && t.Region == c.region {
			from = t
		}
	}
	said := requested(in.Tags)
	if from != nil {
		maps.Copy(said, having(from.Tags))
	}
	err := first(c.may("fis:StartExperiment", said, arn(c.region, c.account, "experiment-template/"+in.Template)),
		c.may("fis:StartExperiment", requested(in.Tags), own), unread, in.check(), c.mayTag(in.Tags, own))
	if err != nil {
		return nil, err
	}
	token := in.Token
	in.Token = ""
	doc := document(in)
	active := 0
	for _, e := range c.experiments {
		if e.Account != c.account || e.Region != c.region {
			continue
		}
		if e.Token == token {
			if e.Document != doc {
				return nil, conflict("The client token was used for a request with other parameters")
			}
			return e.answer(), nil
		}
		if !e.State.Status.Ended() {
			active++
		}
	}
	switch {
	case from == nil:
		return nil, notFound("Experiment template with ID " + in.Template + " not found.")
	case active >= mostActive:
		return nil, overQuota("You have exceeded the quota of " + strconv.Itoa(mostActive) + " active experiments")
	}
	if err := c.Accounts.Open(c.account).LinkRole(c.caller, Service, linkedRole, linkedDescription); err != nil {
		return nil, denied(words(err))
	}
	e := &experiment{Experiment: Experiment{
		ID: id, Account: c.account, Region: c.region, Token: token, Document: doc, Template: from.ID,
		Plan: from.Plan, Tags: in.Tags, Created: time.Now(), Runs: map[string]Run{},
	}}
	e.Plan.Options.ActionsMode = in.Options.ActionsMode
	for name := range e.Plan.Actions {
		e.Runs[name] = Run{State: State{Status: Pending, Reason: "Initial state"}}
	}
	c.experiments = append(c.experiments, e)
	c.set(e, Pending, "Experiment is pending.", nil)
	c.after(e, untilInitiating, c.initiate)
	return e.answer(), nil
}

// experiment finds the one that the path names, for a caller who may.
func (c *call) experiment(action string) (*experiment, error) {
	if err := solid("id", c.subject, 1, 64); err != nil {
		return nil, err
	}
	for _, e := range c.experiments {
		if e.ID == c.subject && e.Account == c.account && e.Region == c.region {
			return e, c.may(action, having(e.Tags), e.ARN())
		}
	}
	if err := c.may(action, nil, arn(c.region, c.account, "experiment/"+c.subject)); err != nil {
		return nil, err
	}
	return nil, notFound("Experiment with ID " + c.subject + " not found.")
}

func getExperiment(c *call) (any, error) {
	e, err := c.experiment("fis:GetExperiment")
	if err != nil {
		return nil, err
	}
	return e.answer(), nil
}

// stopExperiment ends one early. What is said of one that has ended is
// undocumented but for the codes that there are.
func stopExperiment(c *call) (any, error) {
	e, err := c.experiment("fis:StopExperiment")
	if err != nil {
		return nil, err
	}
	if e.State.Status.Ended() {
		return nil, invalid("Experiment with ID " + e.ID + " can't be stopped: it is " + string(e.State.Status))
	}
	c.stop(e, "Experiment stopped by user.")
	return e.answer(), nil
}

func listExperiments(c *call) (any, error) {
	if err := c.may("fis:ListExperiments", nil, "*"); err != nil {
		return nil, err
	}
	wanted := c.query.Get("experimentTemplateId")
	all := []experimentSummary{}
	for _, e := range slices.Backward(c.experiments) {
		if e.Account == c.account && e.Region == c.region && (wanted == "" || wanted == e.Template) {
			all = append(all, e.summary())
		}
	}
	from, to, next, err := c.page(len(all))
	if err != nil {
		return nil, err
	}
	return struct {
		Experiments []experimentSummary `json:"experiments"`
		Next        string              `json:"nextToken,omitempty"`
	}{all[from:to], next}, nil
}

// resolvedTarget is a bucket that an experiment is about.
type resolvedTarget struct {
	Type        string            `json:"resourceType"`
	Name        string            `json:"targetName"`
	Information map[string]string `json:"targetInformation"`
}

func listResolvedTargets(c *call) (any, error) {
	e, err := c.experiment("fis:ListExperimentResolvedTargets")
	if err != nil {
		return nil, err
	}
	wanted := c.query.Get("targetName")
	all := []resolvedTarget{}
	for _, r := range e.Resolved {
		if wanted == "" || wanted == r.Target {
			all = append(all, resolvedTarget{bucketType, r.Target, map[string]string{"arn": "arn:aws:s3:::" + r.Bucket}})
		}
	}
	from, to, next, err := c.page(len(all))
	if err != nil {
		return nil, err
	}
	return struct {
		Targets []resolvedTarget `json:"resolvedTargets"`
		Next    string           `json:"nextToken,omitempty"`
	}{all[from:to], next}, nil
}
