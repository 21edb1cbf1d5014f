package sandbox_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	drill "github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/smithy-go"

	behaves "bothways/aws/sandbox/fis"
)

func TestWhatNoTemplateCanBeIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		w.pair()
		role := w.fisRole("fis-7", fisTrust, fisRights)
		target := func(change func(*drill.CreateExperimentTemplateTargetInput)) func(*fis.CreateExperimentTemplateInput) {
			return func(in *fis.CreateExperimentTemplateInput) {
				side := in.Targets["Side"]
				change(&side)
				in.Targets["Side"] = side
			}
		}
		action := func(change func(*drill.CreateExperimentTemplateActionInput)) func(*fis.CreateExperimentTemplateInput) {
			return func(in *fis.CreateExperimentTemplateInput) {
				pause := in.Actions["Pause"]
				change(&pause)
				in.Actions["Pause"] = pause
			}
		}
		parameter := func(name, value string) func(*fis.CreateExperimentTemplateInput) {
			return action(func(a *drill.CreateExperimentTemplateActionInput) {
				if a.Parameters[name] = value; value == "" {
					delete(a.Parameters, name)
				}
			})
		}
		selection := func(mode string) func(*fis.CreateExperimentTemplateInput) {
			return target(func(t *drill.CreateExperimentTemplateTargetInput) { t.SelectionMode = &mode })
		}
		for name, row := range map[string]struct {
			change func(*fis.CreateExperimentTemplateInput)
			code   string
			says   string
		}{
			"no tags": {target(func(t *drill.CreateExperimentTemplateTargetInput) { t.ResourceTags = nil }), "ValidationException", "has no resourceTags"},
			"ARNs": {
				target(func(t *drill.CreateExperimentTemplateTargetInput) { t.ResourceArns = []string{"arn:aws:s3:::side-a"} }),
				"ValidationException", "only be targeted by tags",
			},
			"filters": {target(func(t *drill.CreateExperimentTemplateTargetInput) {
				t.Filters = []drill.ExperimentTemplateTargetInputFilter{{Path: aws.String("p"), Values: []string{"v"}}}
			}), "ValidationException", "only be targeted by tags"},
			"parameters of a target": {
				target(func(t *drill.CreateExperimentTemplateTargetInput) { t.Parameters = map[string]string{"a": "b"} }),
				"ValidationException", "only be targeted by tags",
			},
			"no such selection": {selection("SOME"), "ValidationException", "none of ALL, COUNT(n) and PERCENT(n)"},
			"101 percent":       {selection("PERCENT(101)"), "ValidationException", "selects nothing"},
			"a count of none":   {selection("COUNT(0)"), "ValidationException", "selects nothing"},
			"another action": {
				action(func(a *drill.CreateExperimentTemplateActionInput) { a.ActionId = aws.String("aws:ec2:stop-instances") }),
				"ResourceNotFoundException", "Action with ID aws:ec2:stop-instances not found.",
			},
			"another target key": {
				action(func(a *drill.CreateExperimentTemplateActionInput) { a.Targets = map[string]string{"Roles": "Side"} }),
				"ValidationException", `Unexpected target "Roles" found in action`,
			},
			"a target that is not there": {
				action(func(a *drill.CreateExperimentTemplateActionInput) { a.Targets = map[string]string{"Buckets": "Other"} }),
				"ValidationException", `"Other", which is not in the template`,
			},
			"no target":         {action(func(a *drill.CreateExperimentTemplateActionInput) { a.Targets = nil }), "ValidationException", `has no target "Buckets"`},
			"waits for itself":  {action(func(a *drill.CreateExperimentTemplateActionInput) { a.StartAfter = []string{"Pause"} }), "ValidationException", "can never start"},
			"no duration":       {parameter("duration", ""), "ValidationException", "duration is required"},
			"a minute too few":  {parameter("duration", "PT59S"), "ValidationException", "from PT1M to PT12H, not PT59S"},
			"a second too many": {parameter("duration", "PT12H1S"), "ValidationException", "from PT1M to PT12H"},
			"no form of one":    {parameter("duration", "15m"), "ValidationException", `such as PT15M, not "15m"`},
			"no time at all":    {parameter("duration", "PT"), "ValidationException", "such as PT15M"},
			"no region":         {parameter("region", ""), "ValidationException", "region is required"},
			"no such region":    {parameter("region", "moon-1"), "ValidationException", `is no region: "moon-1"`},
			"another parameter": {parameter("percentage", "50"), "ValidationException", `Unexpected parameter "percentage"`},
			"no action": {func(in *fis.CreateExperimentTemplateInput) {
				in.Actions = map[string]drill.CreateExperimentTemplateActionInput{}
			}, "ValidationException", "at least one action"},
			"21 actions": {func(in *fis.CreateExperimentTemplateInput) {
				for i := range 20 {
					in.Actions[fmt.Sprint("a", i)] = in.Actions["Pause"]
				}
			}, "ServiceQuotaExceededException", "20 actions"},
			"no stop condition": {func(in *fis.CreateExperimentTemplateInput) {
				in.StopConditions = []drill.CreateExperimentTemplateStopConditionInput{}
			}, "ValidationException", "at least one stop condition"},
			"an alarm without a name": {func(in *fis.CreateExperimentTemplateInput) {
				in.StopConditions[0].Source = aws.String("aws:cloudwatch:alarm")
			}, "ValidationException", "ARN of an alarm"},
			"no description":     {func(in *fis.CreateExperimentTemplateInput) { in.Description = aws.String("") }, "ValidationException", "'description'"},
			"a long description": {func(in *fis.CreateExperimentTemplateInput) { in.Description = aws.String(strings.Repeat("é", 513)) }, "ValidationException", "less than or equal to 512"},
			"a role of others": {func(in *fis.CreateExperimentTemplateInput) {
				in.RoleArn = aws.String("arn:aws:iam::111122223333:role/theirs")
			}, "ValidationException", "one of the account 000000000000"},
			"no role": {
				func(in *fis.CreateExperimentTemplateInput) {
					in.RoleArn = aws.String("arn:aws:iam::000000000000:user/me")
				},
				"ValidationException", "must be one of the account",
			},
			"a tag of AWS": {func(in *fis.CreateExperimentTemplateInput) { in.Tags = map[string]string{"aws:x": "y"} }, "ValidationException", "reserved"},
			"several accounts": {func(in *fis.CreateExperimentTemplateInput) {
				in.ExperimentOptions.AccountTargeting = drill.AccountTargetingMultiAccount
			}, "NotImplemented", "several accounts"},
			"another empty mode": {func(in *fis.CreateExperimentTemplateInput) { in.ExperimentOptions.EmptyTargetResolutionMode = "ask" }, "ValidationException", "[fail, skip]"},
		} {
			in := template(role)
			row.change(in)
			_, err := w.fis(ireland).CreateExperimentTemplate(t.Context(), in)
			if code(err) != row.code || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%s: %v", name, err)
			}
		}
		out, err := w.fis(ireland).ListExperimentTemplates(t.Context(), &fis.ListExperimentTemplatesInput{})
		if n := len(must(t, out, err).ExperimentTemplates); n != 0 {
			t.Errorf("%d templates were made", n)
		}
	})
}

// Each error comes as the type that the SDK has for it, with its status.
func TestErrorsOfFISAreThoseOfItsModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		id := w.drilled(nil)
		client := w.fis(ireland)
		status := func(err error) int {
			var answer *awshttp.ResponseError
			if !errors.As(err, &answer) {
				return 0
			}
			return answer.HTTPStatusCode()
		}
		in := template(*must(t, w.experimentTemplate(id), nil).RoleArn)
		again, err := client.CreateExperimentTemplate(t.Context(), in)
		if *must(t, again, err).ExperimentTemplate.Id != id {
			t.Error("the same request makes another template")
		}
		in.Description = aws.String("something else")
		_, err = client.CreateExperimentTemplate(t.Context(), in)
		var conflict *drill.ConflictException
		if !errors.As(err, &conflict) || status(err) != http.StatusConflict {
			t.Errorf("the same token for something else: %v", err)
		}
		_, err = client.GetExperiment(t.Context(), &fis.GetExperimentInput{Id: aws.String("EXPnone")})
		var missing *drill.ResourceNotFoundException
		if !errors.As(err, &missing) || status(err) != http.StatusNotFound {
			t.Errorf("no experiment: %v", err)
		}
		_, err = client.StartExperiment(t.Context(), &fis.StartExperimentInput{ExperimentTemplateId: aws.String("EXTnone")})
		if !errors.As(err, &missing) {
			t.Errorf("no template: %v", err)
		}
		_, err = client.ListExperiments(t.Context(), &fis.ListExperimentsInput{MaxResults: aws.Int32(101)})
		var wrong *drill.ValidationException
		if !errors.As(err, &wrong) || status(err) != http.StatusBadRequest {
			t.Errorf("a page of 101: %v", err)
		}
		first := w.begin(id)
		if w.begin(id) != first {
			t.Error("the same token begins another experiment")
		}
		_, err = client.StartExperiment(t.Context(), &fis.StartExperimentInput{ExperimentTemplateId: &id, ClientToken: aws.String("start-" + id)})
		if !errors.As(err, &conflict) {
			t.Errorf("the same token with other tags: %v", err)
		}
		for range 4 {
			out, err := client.StartExperiment(t.Context(), &fis.StartExperimentInput{ExperimentTemplateId: &id})
			must(t, out, err)
		}
		_, err = client.StartExperiment(t.Context(), &fis.StartExperimentInput{ExperimentTemplateId: &id})
		var quota *drill.ServiceQuotaExceededException
		if !errors.As(err, &quota) || status(err) != http.StatusPaymentRequired {
			t.Errorf("a sixth experiment: %v", err)
		}
		_, err = client.ListActions(t.Context(), &fis.ListActionsInput{})
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != "NotImplemented" {
			t.Errorf("an operation that is not here: %v", err)
		}
	})
}

func (w *world) experimentTemplate(id string) *drill.ExperimentTemplate {
	w.Helper()
	out, err := w.fis(ireland).GetExperimentTemplate(w.Context(), &fis.GetExperimentTemplateInput{Id: &id})
	return must(w, out, err).ExperimentTemplate
}

// An experiment fails for each right that its role lacks, and says which.
func TestTheRoleOfAnExperimentIsHeldToItsRights(t *testing.T) {
	for name, row := range map[string]struct {
		trust, rights string // "" is the right one
		want          string
	}{
		"trusts somebody else":      {trust, "", "AuthorizationFailure|Experiment role|000000000000|AWS FIS can't assume the role"},
		"trusts another account's":  {strings.ReplaceAll(fisTrust, `"aws:SourceAccount":"000000000000"`, `"aws:SourceAccount":"111122223333"`), "", "AuthorizationFailure|Experiment role|"},
		"trusts those of elsewhere": {strings.ReplaceAll(fisTrust, `fis:*:`, `fis:us-east-1:`), "", "AuthorizationFailure|Experiment role|"},
		"without finding by tags":   {"", strings.ReplaceAll(fisRights, `,"tag:GetResources"`, ""), "AuthorizationFailure|Target: Side|000000000000|The experiment role is not authorized to perform: tag:GetResources"},
		"without listing buckets":   {"", strings.ReplaceAll(fisRights, `"s3:ListAllMyBuckets",`, ""), "AuthorizationFailure|Target: Side|000000000000|The experiment role is not authorized to perform: s3:ListAllMyBuckets"},
		"another bucket":            {"", strings.ReplaceAll(fisRights, `"s3:PauseReplication","Resource":"arn:aws:s3:::side-a"`, `"s3:PauseReplication","Resource":"arn:aws:s3:::side-b"`), "AuthorizationFailure|Action: Pause|000000000000|The experiment role is not authorized to perform: s3:PauseReplication on resource: arn:aws:s3:::side-a"},
		"another region":            {"", strings.ReplaceAll(fisRights, "ap-southeast-1", "us-east-1"), "AuthorizationFailure|Action: Pause|000000000000|The experiment role is not authorized to perform: s3:PauseReplication"},
		"without reading":           {"", strings.ReplaceAll(fisRights, `,"s3:GetReplicationConfiguration"`, ""), "AuthorizationFailure|Action: Pause|000000000000|The experiment role is not authorized to perform: s3:GetReplicationConfiguration"},
		"without writing":           {"", strings.ReplaceAll(fisRights, `"s3:PutReplicationConfiguration",`, ""), "AuthorizationFailure|Action: Pause|000000000000|The experiment role is not authorized to perform: s3:PutReplicationConfiguration"},
		"writing but as others do":  {"", strings.ReplaceAll(fisRights, `PauseRequest":"true"`, `PauseRequest":"false"`), "AuthorizationFailure|Action: Pause|000000000000|The experiment role is not authorized to perform: s3:PutReplicationConfiguration"},
		"forbidden to pause":        {"", strings.Replace(fisRights, `"Statement":[`, `"Statement":[{"Effect":"Deny","Action":"s3:PutReplicationConfiguration","Resource":"*","Condition":{"Bool":{"s3:IsReplicationPauseRequest":"true"}}},`, 1), "AuthorizationFailure|Action: Pause|000000000000|The experiment role is not authorized to perform: s3:PutReplicationConfiguration"},
		"all of them":               {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := still(t, behaves.Pauses{})
				w.pair()
				w.drillTag("side-a", ireland, "7-A")
				if row.trust == "" {
					row.trust = fisTrust
				}
				if row.rights == "" {
					row.rights = fisRights
				}
				out, err := w.fis(ireland).CreateExperimentTemplate(t.Context(), template(w.fisRole("fis-7", row.trust, row.rights)))
				id := w.begin(*must(t, out, err).ExperimentTemplate.Id)
				pass(running)
				got := w.failure(id)
				if row.want == "" && got != "running" || row.want != "" && !strings.HasPrefix(got, "failed|"+row.want) {
					t.Errorf("it is %s", got)
				}
				w.put("side-a", ireland, "k", "x")
				pass(time.Minute)
				want := map[bool]string{true: "PENDING", false: "COMPLETED"}[row.want == ""]
				if got := w.status("side-a", ireland, "k"); got != want {
					t.Errorf("the origin reads %s", got)
				}
			})
		})
	}
}

// operatorRights are those of somebody who runs such a drill, one statement a
// right.
var operatorRights = map[string]string{
	"fis:CreateExperimentTemplate":      `{"Effect":"Allow","Action":"fis:CreateExperimentTemplate","Resource":["arn:aws:fis:eu-west-1:000000000000:experiment-template/*","arn:aws:fis:eu-west-1:000000000000:action/aws:s3:bucket-pause-replication"]}`,
	"fis:TagResource":                   `{"Effect":"Allow","Action":"fis:TagResource","Resource":["arn:aws:fis:*:000000000000:experiment-template/*","arn:aws:fis:*:000000000000:experiment/*"],"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["bothways:drill"]}}}`,
	"iam:PassRole":                      `{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::000000000000:role/drill/*","Condition":{"StringEquals":{"iam:PassedToService":"fis.amazonaws.com"}}}`,
	"fis:StartExperiment":               `{"Effect":"Allow","Action":"fis:StartExperiment","Resource":["arn:aws:fis:*:000000000000:experiment-template/*","arn:aws:fis:*:000000000000:experiment/*"]}`,
	"iam:CreateServiceLinkedRole":       `{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*","Condition":{"StringEquals":{"iam:AWSServiceName":"fis.amazonaws.com"}}}`,
	"fis:GetExperiment":                 `{"Effect":"Allow","Action":"fis:GetExperiment","Resource":"arn:aws:fis:*:000000000000:experiment/*","Condition":{"StringEquals":{"aws:ResourceTag/bothways:drill":"7"}}}`,
	"fis:StopExperiment":                `{"Effect":"Allow","Action":"fis:StopExperiment","Resource":"arn:aws:fis:*:000000000000:experiment/*"}`,
	"fis:DeleteExperimentTemplate":      `{"Effect":"Allow","Action":"fis:DeleteExperimentTemplate","Resource":"arn:aws:fis:*:000000000000:experiment-template/*"}`,
	"fis:ListExperimentResolvedTargets": `{"Effect":"Allow","Action":"fis:ListExperimentResolvedTargets","Resource":"arn:aws:fis:*:000000000000:experiment/*"}`,
	"fis:GetSafetyLever":                `{"Effect":"Allow","Action":"fis:GetSafetyLever","Resource":"arn:aws:fis:*:000000000000:safety-lever/*"}`,
}

// Exactly these rights do, and each that is taken away is named.
func TestTheOperatorOfADrillNeedsEachOfHisRights(t *testing.T) {
	for _, without := range append(slices.Sorted(maps.Keys(operatorRights)), "") {
		t.Run("without "+without, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := still(t, behaves.Pauses{})
				w.pair()
				w.drillTag("side-a", ireland, "7-A")
				role := w.fisRole("fis-7", fisTrust, fisRights)
				var statements []string
				for name, statement := range operatorRights {
					if name != without {
						statements = append(statements, statement)
					}
				}
				must(t, 0, w.sandbox.Directory().AddUser("operator-7", "AKIAOPERATOR7", "secret",
					`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`))
				client := w.fisAs(ireland, "AKIAOPERATOR7", "secret")
				err := func() error {
					if _, err := client.GetSafetyLever(t.Context(), &fis.GetSafetyLeverInput{Id: aws.String("default")}); err != nil {
						return err
					}
					made, err := client.CreateExperimentTemplate(t.Context(), template(role))
					if err != nil {
						return err
					}
					begun, err := client.StartExperiment(t.Context(), &fis.StartExperimentInput{
						ExperimentTemplateId: made.ExperimentTemplate.Id, Tags: map[string]string{"bothways:drill": "7"},
					})
					if err != nil {
						return err
					}
					pass(running)
					id := begun.Experiment.Id
					if _, err := client.GetExperiment(t.Context(), &fis.GetExperimentInput{Id: id}); err != nil {
						return err
					}
					if _, err := client.ListExperimentResolvedTargets(t.Context(), &fis.ListExperimentResolvedTargetsInput{ExperimentId: id}); err != nil {
						return err
					}
					if _, err := client.StopExperiment(t.Context(), &fis.StopExperimentInput{Id: id}); err != nil {
						return err
					}
					_, err = client.DeleteExperimentTemplate(t.Context(), &fis.DeleteExperimentTemplateInput{Id: made.ExperimentTemplate.Id})
					return err
				}()
				switch {
				case without == "" && err != nil:
					t.Errorf("with all rights: %v", err)
				case without != "" && (code(err) != "AccessDeniedException" || !strings.Contains(err.Error(), without)):
					t.Errorf("it says %v", err)
				}
			})
		})
	}
}
