package export

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/awslabs/goformation/v7"
	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/awslabs/goformation/v7/intrinsics"
	"go.yaml.in/yaml/v3"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// stack is a template as a reader of CloudFormation's own resource
// specification takes it, with the parameter as given.
func stack(t *testing.T, content, replicate string) *cloudformation.Template {
	t.Helper()
	// The reader puts a condition's value where a resource names it, and then
	// can't read the resource; that the name is there is looked at elsewhere.
	content = strings.ReplaceAll(content, "    Condition: Replicating\n", "")
	read, err := goformation.ParseYAMLWithOptions([]byte(content), &intrinsics.ProcessorOptions{
		ParameterOverrides: map[string]any{"Replicate": replicate}, EvaluateConditions: true,
	})
	if err != nil {
		t.Fatalf("%s\n%s", err, content)
	}
	return read
}

func templates(t *testing.T, w *wanted.Documents) map[pair.SideName]string {
	t.Helper()
	files, err := cloudFormation(w)
	if err != nil {
		t.Fatal(err)
	}
	return map[pair.SideName]string{pair.A: files[0].Content, pair.B: files[1].Content}
}

func TestCloudFormationDescribesWhatApplySends(t *testing.T) {
	for name, w := range worlds() {
		t.Run(name, func(t *testing.T) {
			for side, content := range templates(t, w) {
				d := outwards(side)
				direction := w.Directions[d]
				template := stack(t, content, "yes")
				bucket, err := template.GetS3BucketWithName("Bucket")
				if err != nil {
					t.Fatal(err)
				}
				if *bucket.BucketName != w.Pair.Side(side).Bucket || bucket.VersioningConfiguration.Status != "Enabled" || bucket.AWSCloudFormationDeletionPolicy != "Retain" {
					t.Errorf("bucket %+v", bucket)
				}
				if bucket.ReplicationConfiguration.Role != direction.RoleARN {
					t.Errorf("role %q", bucket.ReplicationConfiguration.Role)
				}
				sent, err := json.Marshal(bucket.ReplicationConfiguration.Rules)
				if err != nil {
					t.Fatal(err)
				}
				var want []any
				for _, rule := range direction.Configuration.Rules {
					want = append(want, cloudWords(rule))
				}
				expected, err := json.Marshal(want)
				if err != nil {
					t.Fatal(err)
				}
				sameJSON(t, string(sent), string(expected))
				checkRole(t, template, direction)
				if w.Sides[side].Policy != "" {
					policy, err := template.GetS3BucketPolicyWithName("BucketPolicy")
					if err != nil {
						t.Fatal(err)
					}
					text, err := json.Marshal(policy.PolicyDocument)
					if err != nil {
						t.Fatal(err)
					}
					sameJSON(t, string(text), w.Sides[side].Policy)
				}
			}
		})
	}
}

func checkRole(t *testing.T, template *cloudformation.Template, direction wanted.Direction) {
	t.Helper()
	var document, trust any
	if direction.Own {
		role, err := template.GetIAMRoleWithName("Role")
		if err != nil {
			t.Fatal(err)
		}
		if aws.ToString(role.RoleName) != direction.RoleName || aws.ToString(role.Path) != direction.RolePath {
			t.Errorf("role %+v", role)
		}
		document, trust = role.Policies[0].PolicyDocument, role.AssumeRolePolicyDocument
	} else {
		policy, err := template.GetIAMRolePolicyWithName("Role")
		if err != nil {
			t.Fatal(err)
		}
		if policy.RoleName != direction.RoleName || policy.PolicyName != direction.PolicyName {
			t.Errorf("policy %+v", policy)
		}
		document = policy.PolicyDocument
	}
	for _, pairOf := range []struct {
		got  any
		want string
	}{{document, direction.Policy}, {trust, direction.Trust}} {
		if pairOf.got == nil {
			continue
		}
		text, err := json.Marshal(pairOf.got)
		if err != nil {
			t.Fatal(err)
		}
		sameJSON(t, string(text), pairOf.want)
	}
}

// The first deployment of side A must not name side B's bucket, which is not
// there yet.
func TestATemplateDeployedWithoutReplicationHasNone(t *testing.T) {
	for _, content := range templates(t, worlds()["nothing stands"]) {
		bucket, err := stack(t, content, "no").GetS3BucketWithName("Bucket")
		if err != nil {
			t.Fatal(err)
		}
		if bucket.ReplicationConfiguration != nil {
			t.Error("there is a replication configuration")
		}
	}
}

// A bucket policy names the other side's role, which the first deployment does
// not find there yet: S3 refuses such a policy.
func TestABucketPolicyWaitsForTheOtherSidesRole(t *testing.T) {
	w := worlds()["buckets and rules of others"]
	for _, content := range templates(t, w) {
		var read struct {
			Resources map[string]struct {
				Condition string `yaml:"Condition"`
			} `yaml:"Resources"`
		}
		if err := yaml.Unmarshal([]byte(content), &read); err != nil {
			t.Fatal(err)
		}
		if read.Resources["BucketPolicy"].Condition != "Replicating" || read.Resources["Bucket"].Condition != "" {
			t.Errorf("%+v", read.Resources)
		}
	}
}

// CloudFormation reads YAML 1.1, in which an unquoted yes is true.
func TestWordsThatOldYAMLTakesForBooleansAreQuoted(t *testing.T) {
	for _, w := range worlds() {
		for _, content := range templates(t, w) {
			for line := range strings.Lines(content) {
				switch word := strings.TrimSpace(line[strings.LastIndexAny(line, ":-")+1:]); word {
				case "yes", "no", "on", "off", "y", "n":
					if !strings.HasPrefix(line, "#") {
						t.Errorf("%q", line)
					}
				}
			}
		}
	}
}

// Older YAML has a value = and a key <<, and marks of the reading direction make a
// line look like another.
func TestWhatOtherParsersOrReadersTakeForSomethingElseIsQuoted(t *testing.T) {
	for value, want := range map[string]string{
		"=": `"="`, "<<": `"<<"`, "=a": `"=a"`, "logs/\u202egpj": `"logs/\u202Egpj"`, "a\u200bb": `"a\u200Bb"`, "plain/": "plain/",
	} {
		out, err := encode(mapping(member{value, text(value)}))
		if err != nil || out != want+": "+want+"\n" {
			t.Errorf("%q is written %s: %v", value, out, err)
		}
	}
}

func FuzzTextIsTheSameInYAML(f *testing.F) {
	for _, seed := range []string{"", "no", "1", "a: b", "- x", "# y", "a\nb", "é", "${x}", "!Ref a", "0x1", "2012-10-17", " x", "~", "=", "=x", "<<", "a\u202eb", "\u2066\n", "a\tb\nc", "\u0085", "\ufeff", "\U000E0041", "\\\u200b\"'", "\u00a0", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		value = strings.ToValidUTF8(value, "")
		out, err := encode(mapping(member{"k", text(value)}))
		if err != nil {
			return // what YAML can't carry is an error, not another text
		}
		var back map[string]any
		if err := yaml.Unmarshal([]byte(out), &back); err != nil {
			t.Fatalf("%q is written %s: %s", value, out, err)
		}
		if !reflect.DeepEqual(back["k"], value) {
			t.Fatalf("%q is written %s and means %v", value, out, back["k"])
		}
		if strings.ContainsFunc(out, unseen) {
			t.Fatalf("%q is written %q, which shows what it is not", value, out)
		}
	})
}

// cloudWords is a rule as CloudFormation's resource specification names it.
func cloudWords(r types.ReplicationRule) map[string]any {
	m := map[string]any{"Id": *r.ID, "Status": string(r.Status)}
	if r.Priority != nil {
		m["Priority"] = *r.Priority
	}
	if r.Prefix != nil { //nolint:staticcheck // the first schema
		m["Prefix"] = *r.Prefix //nolint:staticcheck // the first schema
	}
	if f := r.Filter; f != nil {
		switch {
		case f.Prefix != nil:
			m["Filter"] = map[string]any{"Prefix": *f.Prefix}
		case f.Tag != nil:
			m["Filter"] = map[string]any{"TagFilter": map[string]any{"Key": *f.Tag.Key, "Value": *f.Tag.Value}}
		case f.And != nil:
			var tags []any
			for _, tag := range f.And.Tags {
				tags = append(tags, map[string]any{"Key": *tag.Key, "Value": *tag.Value})
			}
			m["Filter"] = map[string]any{"And": map[string]any{"Prefix": *f.And.Prefix, "TagFilters": tags}}
		}
	}
	if r.DeleteMarkerReplication != nil {
		m["DeleteMarkerReplication"] = map[string]any{"Status": string(r.DeleteMarkerReplication.Status)}
	}
	if c := r.SourceSelectionCriteria; c != nil {
		m["SourceSelectionCriteria"] = map[string]any{
			"ReplicaModifications":   map[string]any{"Status": string(c.ReplicaModifications.Status)},
			"SseKmsEncryptedObjects": map[string]any{"Status": string(c.SseKmsEncryptedObjects.Status)},
		}
	}
	to := map[string]any{"Bucket": *r.Destination.Bucket}
	if d := r.Destination; d.Account != nil {
		to["Account"], to["StorageClass"] = *d.Account, string(d.StorageClass)
		to["AccessControlTranslation"] = map[string]any{"Owner": string(d.AccessControlTranslation.Owner)}
		to["EncryptionConfiguration"] = map[string]any{"ReplicaKmsKeyID": *d.EncryptionConfiguration.ReplicaKmsKeyID}
		to["Metrics"] = map[string]any{"Status": string(d.Metrics.Status), "EventThreshold": map[string]any{"Minutes": 15}}
		to["ReplicationTime"] = map[string]any{"Status": string(d.ReplicationTime.Status), "Time": map[string]any{"Minutes": 15}}
	}
	m["Destination"] = to
	return m
}

// CloudFormation replaces a dynamic reference wherever it stands, and knows no
// escape.
func TestATextThatCloudFormationWouldReplaceIsRefused(t *testing.T) {
	for _, prefix := range []string{"{{resolve:ssm:/a}}/", "logs/{{resolve:secretsmanager:s}}*/"} {
		p := demo()
		p.Options.Prefix = prefix
		l := newLab(t, p)
		proposed := planned(t, l.world)
		if _, err := Files(CloudFormation, proposed); err == nil || !strings.Contains(err.Error(), "{{resolve:") || !strings.Contains(err.Error(), "dynamic reference") {
			t.Errorf("%s: %v", prefix, err)
		}
		for _, other := range []Format{Terraform, CLI, Policy} {
			if _, err := Files(other, proposed); err != nil {
				t.Errorf("%s as %s: %v", prefix, other, err)
			}
		}
	}
}
