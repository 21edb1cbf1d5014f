package sandbox_test

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	drill "github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// fis is a client of FIS.
func (w *world) fis(region string) *fis.Client {
	return fis.NewFromConfig(w.config(region), func(o *fis.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") })
}

// fisAs is one of somebody else.
func (w *world) fisAs(region, key, secret string) *fis.Client {
	c := w.config(region)
	c.Credentials = credentials.NewStaticCredentialsProvider(key, secret, "")
	return fis.NewFromConfig(c, func(o *fis.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") })
}

// fisTrust lets FIS assume a role, for experiments of this account alone, as the
// AWS FIS User Guide recommends.
const fisTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"fis.amazonaws.com"},"Action":"sts:AssumeRole",
	"Condition":{"StringEquals":{"aws:SourceAccount":"000000000000"},"ArnLike":{"aws:SourceArn":"arn:aws:fis:*:000000000000:experiment/*"}}}]}`

// fisRights are those of a role for the pause of side-a, in the form of the AWS
// FIS User Guide.
const fisRights = `{"Version":"2012-10-17","Statement":[
	{"Sid":"Pause","Effect":"Allow","Action":"s3:PauseReplication","Resource":"arn:aws:s3:::side-a","Condition":{"StringEquals":{"s3:DestinationRegion":"ap-southeast-1"}}},
	{"Sid":"Write","Effect":"Allow","Action":["s3:PutReplicationConfiguration","s3:GetReplicationConfiguration"],"Resource":"arn:aws:s3:::side-a",
		"Condition":{"BoolIfExists":{"s3:IsReplicationPauseRequest":"true"}}},
	{"Sid":"Find","Effect":"Allow","Action":["s3:ListAllMyBuckets","tag:GetResources"],"Resource":"*"}]}`

// fisRole makes a role and returns its ARN.
func (w *world) fisRole(name, trust, rights string) string {
	w.Helper()
	out, err := w.iam().CreateRole(w.Context(), &iam.CreateRoleInput{RoleName: &name, Path: aws.String("/drill/"), AssumeRolePolicyDocument: &trust})
	role := *must(w, out, err).Role.Arn
	_, err = w.iam().PutRolePolicy(w.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("rights"), PolicyDocument: &rights})
	must(w, 0, err)
	return role
}

// drillTag puts the tag of a drill on a bucket, beside those that are there.
func (w *world) drillTag(bucket, region, value string) {
	w.Helper()
	_, err := w.control(region).TagResource(w.Context(), &s3control.TagResourceInput{
		AccountId: aws.String(account), ResourceArn: aws.String("arn:aws:s3:::" + bucket),
		Tags: []control.Tag{{Key: aws.String("bothways:drill"), Value: &value}},
	})
	must(w, 0, err)
}

// template is one that pauses side-a towards Singapore for 15 minutes.
func template(role string) *fis.CreateExperimentTemplateInput {
	return &fis.CreateExperimentTemplateInput{
		ClientToken: aws.String("7-AtoB"), Description: aws.String("drill 7, A to B"), RoleArn: &role,
		StopConditions: []drill.CreateExperimentTemplateStopConditionInput{{Source: aws.String("none")}},
		Targets: map[string]drill.CreateExperimentTemplateTargetInput{"Side": {
			ResourceType: aws.String("aws:s3:bucket"), ResourceTags: map[string]string{"bothways:drill": "7-A"}, SelectionMode: aws.String("ALL"),
		}},
		Actions: map[string]drill.CreateExperimentTemplateActionInput{"Pause": {
			ActionId: aws.String("aws:s3:bucket-pause-replication"), Targets: map[string]string{"Buckets": "Side"},
			Parameters: map[string]string{"duration": "PT15M", "region": singapore, "destinationBuckets": "side-b"},
		}},
		ExperimentOptions: &drill.CreateExperimentTemplateExperimentOptionsInput{
			AccountTargeting: drill.AccountTargetingSingleAccount, EmptyTargetResolutionMode: drill.EmptyTargetResolutionModeFail,
		},
		Tags: map[string]string{"bothways:drill": "7"},
	}
}

// drilled is a pair whose side A can be paused by the template that is returned.
func (w *world) drilled(change func(*fis.CreateExperimentTemplateInput)) string {
	w.Helper()
	w.pair()
	w.drillTag("side-a", ireland, "7-A")
	in := template(w.fisRole("fis-7", fisTrust, fisRights))
	if change != nil {
		change(in)
	}
	out, err := w.fis(ireland).CreateExperimentTemplate(w.Context(), in)
	return *must(w, out, err).ExperimentTemplate.Id
}

// begin starts an experiment in Ireland.
func (w *world) begin(template string) string {
	w.Helper()
	out, err := w.fis(ireland).StartExperiment(w.Context(), &fis.StartExperimentInput{
		ExperimentTemplateId: &template, ClientToken: aws.String("start-" + template), Tags: map[string]string{"bothways:drill": "7"},
	})
	return *must(w, out, err).Experiment.Id
}

// experiment returns one in Ireland as it stands.
func (w *world) experiment(id string) *drill.Experiment {
	w.Helper()
	out, err := w.fis(ireland).GetExperiment(w.Context(), &fis.GetExperimentInput{Id: &id})
	return must(w, out, err).Experiment
}

// stands says where an experiment and its actions are.
func (w *world) stands(id string) string {
	w.Helper()
	e := w.experiment(id)
	text := string(e.State.Status)
	for _, name := range []string{"Pause", "Then"} {
		if action, found := e.Actions[name]; found {
			text += " " + string(action.State.Status)
		}
	}
	return text
}

// failure says why an experiment failed, in one line.
func (w *world) failure(id string) string {
	w.Helper()
	state := w.experiment(id).State
	if state.Error == nil {
		return string(state.Status)
	}
	return strings.Join([]string{string(state.Status), *state.Error.Code, *state.Error.Location, *state.Error.AccountId, *state.Reason}, "|")
}

// running is how long an experiment takes until its actions begin.
const running = 4 * time.Second
