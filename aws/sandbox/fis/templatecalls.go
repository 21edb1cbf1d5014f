package fis

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// instant is a time as the API has it, in seconds since 1970.
type instant time.Time

// MarshalJSON implements json.Marshaler.
func (i instant) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(time.Time(i).UnixMilli())/1000, 'f', -1, 64), nil
}

// maybe is an instant that may not have come.
func maybe(t time.Time) *instant {
	if t.IsZero() {
		return nil
	}
	return (*instant)(&t)
}

// templateRequest is what CreateExperimentTemplate takes.
type templateRequest struct {
	Token       string `json:"clientToken"`
	Description string `json:"description"`
	Plan
	Tags   map[string]string `json:"tags,omitempty"`
	Log    json.RawMessage   `json:"logConfiguration,omitempty"`
	Report json.RawMessage   `json:"experimentReportConfiguration,omitempty"`
}

// templateSummary is what lists have of a template.
type templateSummary struct {
	ID          string            `json:"id"`
	ARN         string            `json:"arn"`
	Description string            `json:"description"`
	Created     instant           `json:"creationTime"`
	Updated     instant           `json:"lastUpdateTime"`
	Tags        map[string]string `json:"tags"`
}

// wholeTemplate is what the other answers have of it.
type wholeTemplate struct {
	templateSummary
	Plan
}

func (t *Template) summary() templateSummary {
	tags := t.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return templateSummary{t.ID, t.ARN(), t.Description, instant(t.Created), instant(t.Updated), tags}
}

func (t *Template) answer() any {
	return map[string]any{"experimentTemplate": wholeTemplate{t.summary(), t.Plan}}
}

// createTemplate makes a template. Whether the role exists is not asked before
// an experiment starts, which is undocumented.
func createTemplate(c *call) (any, error) {
	var in templateRequest
	unread := c.read(&in)
	id := newID("EXT")
	own := arn(c.region, c.account, "experiment-template/"+id)
	if err := c.may("fis:CreateExperimentTemplate", requested(in.Tags), own); err != nil {
		return nil, err
	}
	switch {
	case unread != nil:
		return nil, unread
	case len(in.Log) > 0 && string(in.Log) != "null":
		return nil, notHere("logs of experiments")
	case len(in.Report) > 0 && string(in.Report) != "null":
		return nil, notHere("reports of experiments")
	}
	err := first(solid("clientToken", in.Token, 1, 1024), long("description", in.Description, 1, 512),
		solid("roleArn", in.RoleARN, 20, 2048), checkTags(in.Tags))
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	for _, action := range in.Actions {
		if err := c.may("fis:CreateExperimentTemplate", requested(in.Tags), arn(c.region, c.account, "action/"+action.ActionID)); err != nil {
			return nil, err
		}
	}
	if err := first(c.mayTag(in.Tags, own), c.passes(in.RoleARN)); err != nil {
		return nil, err
	}
	token := in.Token
	in.Token = ""
	said := document(in)
	count := 0
	for _, t := range c.templates {
		if t.Account != c.account || t.Region != c.region {
			continue
		}
		if t.Token == token {
			if t.Document != said {
				return nil, conflict("The client token was used for a request with other parameters")
			}
			return t.answer(), nil
		}
		count++
	}
	if count >= mostTemplates {
		return nil, overQuota("You have exceeded the quota of " + strconv.Itoa(mostTemplates) + " experiment templates")
	}
	now := time.Now()
	t := &Template{
		ID: id, Account: c.account, Region: c.region, Token: token, Document: said,
		Description: in.Description, Plan: in.Plan, Tags: in.Tags, Created: now, Updated: now,
	}
	c.templates = append(c.templates, t)
	c.log.Append(entryTemplate, t)
	return t.answer(), nil
}

// passes checks that the caller may hand a role to FIS. Roles of other accounts
// can't be handed over.
func (c *call) passes(role string) error {
	if account, isRole := roleAccount(role); !isRole || account != c.account {
		return invalid("The role of an experiment template must be one of the account " + c.account + ", not " + strconv.Quote(role))
	}
	return c.may("iam:PassRole", map[string]string{"iam:PassedToService": Service}, role)
}

// template finds the one that the path names, for a caller who may.
func (c *call) template(action string) (*Template, error) {
	if err := solid("id", c.subject, 1, 64); err != nil {
		return nil, err
	}
	for _, t := range c.templates {
		if t.ID == c.subject && t.Account == c.account && t.Region == c.region {
			return t, c.may(action, having(t.Tags), t.ARN())
		}
	}
	if err := c.may(action, nil, arn(c.region, c.account, "experiment-template/"+c.subject)); err != nil {
		return nil, err
	}
	return nil, notFound("Experiment template with ID " + c.subject + " not found.")
}

func getTemplate(c *call) (any, error) {
	t, err := c.template("fis:GetExperimentTemplate")
	if err != nil {
		return nil, err
	}
	return t.answer(), nil
}

// deleteTemplate removes a template. Experiments that were started from it go
// on; its token can be used again, which is undocumented.
func deleteTemplate(c *call) (any, error) {
	t, err := c.template("fis:DeleteExperimentTemplate")
	if err != nil {
		return nil, err
	}
	c.templates = slices.DeleteFunc(c.templates, func(other *Template) bool { return other == t })
	c.log.Append(entryTemplateGone, t.ID)
	return t.answer(), nil
}

func listTemplates(c *call) (any, error) {
	if err := c.may("fis:ListExperimentTemplates", nil, "*"); err != nil {
		return nil, err
	}
	all := []templateSummary{}
	for _, t := range c.templates {
		if t.Account == c.account && t.Region == c.region {
			all = append(all, t.summary())
		}
	}
	from, to, next, err := c.page(len(all))
	if err != nil {
		return nil, err
	}
	return struct {
		Templates []templateSummary `json:"experimentTemplates"`
		Next      string            `json:"nextToken,omitempty"`
	}{all[from:to], next}, nil
}
