package export

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"bothways/aws/pair"
)

// parsed is a configuration as Terraform's own parser reads it.
func parsed(t testing.TB, text string) *hclsyntax.Body {
	t.Helper()
	file, problems := hclsyntax.ParseConfig([]byte(text), "bothways.tf", hcl.InitialPos)
	if problems.HasErrors() {
		t.Fatalf("%s\n%s", problems, text)
	}
	return file.Body.(*hclsyntax.Body)
}

// known are the values that references stand for.
func known(bucketA, bucketB, roleAB, roleBA string) *hcl.EvalContext {
	bucket := func(name string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal(name), "arn": cty.StringVal("arn:aws:s3:::" + name)})
	}
	role := func(arn string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"arn": cty.StringVal(arn), "name": cty.StringVal(arn[strings.LastIndex(arn, "/")+1:])})
	}
	buckets := cty.ObjectVal(map[string]cty.Value{"a": bucket(bucketA), "b": bucket(bucketB)})
	return &hcl.EvalContext{
		Variables: map[string]cty.Value{
			"aws_s3_bucket": buckets,
			"data":          cty.ObjectVal(map[string]cty.Value{"aws_s3_bucket": buckets}),
			"aws_iam_role":  cty.ObjectVal(map[string]cty.Value{"a_to_b": role(roleAB), "b_to_a": role(roleBA)}),
		},
		Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc},
	}
}

// value is an attribute's text.
func value(t *testing.T, body *hclsyntax.Body, name string, ctx *hcl.EvalContext) string {
	t.Helper()
	attribute := body.Attributes[name]
	if attribute == nil {
		t.Fatalf("%s is not set", name)
	}
	v, problems := attribute.Expr.Value(ctx)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return v.AsString()
}

func find(t *testing.T, body *hclsyntax.Body, kind string, labels ...string) *hclsyntax.Body {
	t.Helper()
	for _, b := range body.Blocks {
		if b.Type == kind && reflect.DeepEqual(append([]string{}, b.Labels...), append([]string{}, labels...)) {
			return b.Body
		}
	}
	t.Fatalf("there is no %s %v", kind, labels)
	return nil
}

// plain turns a block's body into nested maps, as a rule is written in JSON.
func plain(t *testing.T, body *hclsyntax.Body, ctx *hcl.EvalContext) map[string]any {
	t.Helper()
	found := map[string]any{}
	for name, attribute := range body.Attributes {
		v, problems := attribute.Expr.Value(ctx)
		if problems.HasErrors() {
			t.Fatal(problems)
		}
		switch {
		case v.Type() == cty.String:
			found[name] = v.AsString()
		case v.Type() == cty.Number:
			n, _ := v.AsBigFloat().Int64()
			found[name] = n
		default:
			tags := map[string]any{}
			for key, tag := range v.AsValueMap() {
				tags[key] = tag.AsString()
			}
			found[name] = tags
		}
	}
	for _, block := range body.Blocks {
		if _, twice := found[block.Type]; twice {
			t.Errorf("%s is there twice", block.Type)
		}
		found[block.Type] = plain(t, block.Body, ctx)
	}
	return found
}

func TestTerraformDescribesWhatApplySends(t *testing.T) {
	for name, w := range worlds() {
		t.Run(name, func(t *testing.T) {
			text := terraform(w)
			body := parsed(t, text)
			if formatted := string(hclwrite.Format([]byte(text))); formatted != text {
				t.Errorf("terraform fmt would change it:\n%s", formatted)
			}
			ctx := known(w.Pair.A.Bucket, w.Pair.B.Bucket, w.Directions[pair.AtoB].RoleARN, w.Directions[pair.BtoA].RoleARN)
			for _, d := range pair.Directions() {
				direction := w.Directions[d]
				c := find(t, body, "resource", "aws_s3_bucket_replication_configuration", directionLabel(d))
				if got := value(t, c, "bucket", ctx); got != w.Pair.From(d).Bucket {
					t.Errorf("%s: bucket %q", d.Arrow(), got)
				}
				if got := value(t, c, "role", ctx); got != direction.RoleARN {
					t.Errorf("%s: role %q, want %q", d.Arrow(), got, direction.RoleARN)
				}
				var rules []*hclsyntax.Block
				for _, b := range c.Blocks {
					if b.Type == "rule" {
						rules = append(rules, b)
					}
				}
				if len(rules) != len(direction.Configuration.Rules) {
					t.Fatalf("%s: %d rules, want %d", d.Arrow(), len(rules), len(direction.Configuration.Rules))
				}
				if kept := len(c.Blocks) > len(rules); kept != (len(rules) > 1) {
					t.Errorf("%s: kept from being destroyed: %v, with %d rules", d.Arrow(), kept, len(rules))
				}
				for i, rule := range direction.Configuration.Rules {
					if got, want := plain(t, rules[i].Body, ctx), ruleInSnake(rule); !reflect.DeepEqual(got, want) {
						t.Errorf("%s: rule %d is\n%v\nwant\n%v", d.Arrow(), i, got, want)
					}
				}
				if direction.Policy != "" {
					sameJSON(t, value(t, find(t, body, "resource", "aws_iam_role_policy", directionLabel(d)), "policy", ctx), direction.Policy)
				}
				if direction.Own {
					role := find(t, body, "resource", "aws_iam_role", directionLabel(d))
					sameJSON(t, value(t, role, "assume_role_policy", ctx), direction.Trust)
				}
			}
			for _, side := range pair.Sides() {
				if policy := w.Sides[side].Policy; policy != "" {
					sameJSON(t, value(t, find(t, body, "resource", "aws_s3_bucket_policy", side.Slug()), "policy", ctx), policy)
				}
			}
			noCycle(t, body)
		})
	}
}

func TestABucketThatIsMadeWithObjectLockIsWrittenWithIt(t *testing.T) {
	w := worlds()["one side is locked"]
	body := parsed(t, terraform(w))
	if find(t, body, "resource", "aws_s3_bucket", "b").Attributes["object_lock_enabled"] == nil || find(t, body, "resource", "aws_s3_bucket", "a").Attributes["object_lock_enabled"] != nil {
		t.Error("Terraform: not on side B alone")
	}
	for side, content := range templates(t, w) {
		bucket, err := stack(t, content, "yes").GetS3BucketWithName("Bucket")
		if err != nil {
			t.Fatal(err)
		}
		if locked := bucket.ObjectLockEnabled != nil && *bucket.ObjectLockEnabled; locked != (side == pair.B) {
			t.Errorf("CloudFormation: side %s locked %v", side, locked)
		}
	}
}

func TestTerraformImportsWhatStandsAndOnlyThat(t *testing.T) {
	all := worlds()
	for _, b := range parsed(t, terraform(all["nothing stands"])).Blocks {
		if b.Type == "import" || b.Type == "data" {
			t.Errorf("%s in a world where nothing stands", b.Type)
		}
	}
	var ids []string
	body := parsed(t, terraform(all["everything stands"]))
	for _, b := range body.Blocks {
		if b.Type == "import" {
			to := b.Body.Attributes["to"].Expr.Variables()[0]
			find(t, body, "resource", to.RootName(), to[1].(hcl.TraverseAttr).Name)
			ids = append(ids, value(t, b.Body, "id", nil))
		}
	}
	if len(ids) != 10 { // two of each: bucket, versioning, role, its policy, configuration
		t.Errorf("%d imports: %v", len(ids), ids)
	}
	for _, b := range parsed(t, terraform(all["buckets and rules of others"])).Blocks {
		if b.Type == "resource" && b.Labels[0] == "aws_s3_bucket" {
			t.Error("a bucket of others became Terraform's own")
		}
	}
}

// noCycle follows the references between resources.
func noCycle(t *testing.T, body *hclsyntax.Body) {
	t.Helper()
	needs := map[string][]string{}
	for _, b := range body.Blocks {
		if b.Type != "resource" {
			continue
		}
		from := b.Labels[0] + "." + b.Labels[1]
		for _, problem := range hclsyntax.VisitAll(b.Body, func(node hclsyntax.Node) hcl.Diagnostics {
			if e, ok := node.(*hclsyntax.ScopeTraversalExpr); ok && len(e.Traversal) > 1 && !slices.Contains([]string{"aws", "data", "tags"}, e.Traversal.RootName()) {
				needs[from] = append(needs[from], e.Traversal.RootName()+"."+e.Traversal[1].(hcl.TraverseAttr).Name)
			}
			return nil
		}) {
			t.Error(problem)
		}
	}
	state := map[string]int{}
	var visit func(string, string)
	visit = func(at, path string) {
		if state[at] == 1 {
			t.Fatalf("a cycle: %s > %s", path, at)
		}
		if state[at] == 2 {
			return
		}
		state[at] = 1
		for _, next := range needs[at] {
			visit(next, path+" > "+at)
		}
		state[at] = 2
	}
	for at := range needs {
		visit(at, "")
	}
	if len(needs) == 0 {
		t.Error("no resource needs another")
	}
}

func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(got), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func FuzzQuotedMeansTheText(f *testing.F) {
	for _, seed := range []string{"", "a\"b", "${x}", "%{if}", "$${", "$", "a\nb", `\`, "é😀", "\x00\x7f", "$${a}", "%%{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		e, problems := hclsyntax.ParseExpression(quoted(text).Bytes(), "x", hcl.InitialPos)
		if problems.HasErrors() {
			t.Fatalf("%q is written %s: %s", text, quoted(text).Bytes(), problems)
		}
		v, problems := e.Value(nil)
		if problems.HasErrors() || v.AsString() != cty.StringVal(text).AsString() {
			t.Fatalf("%q is written %s and means %s, %s", text, quoted(text).Bytes(), fmt.Sprint(v), problems)
		}
	})
}
