package sandbox_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// generatorActions are what the role of a job that generates its manifest needs.
var generatorActions = append([]string{"s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"}, batchActions...)

// generating is a job that replicates what a filter chooses of side A.
func generating(role string, f *control.JobManifestGeneratorFilter) *s3control.CreateJobInput {
	in := order(role, nil)
	in.ManifestGenerator = &control.JobManifestGeneratorMemberS3JobManifestGenerator{Value: control.S3JobManifestGenerator{
		SourceBucket: aws.String("arn:aws:s3:::side-a"), Filter: f,
	}}
	return in
}

// writesList has the generator of a job write its list to the bucket of reports.
func writesList(in *s3control.CreateJobInput) {
	of, _ := in.ManifestGenerator.(*control.JobManifestGeneratorMemberS3JobManifestGenerator)
	of.Value.EnableManifestOutput = true
	of.Value.ManifestOutputLocation = &control.S3ManifestOutputLocation{
		Bucket: aws.String("arn:aws:s3:::reports"), ManifestPrefix: aws.String("lists"), ManifestFormat: control.GeneratedManifestFormatS3InventoryReportCsv20211130,
		ManifestEncryption: &control.GeneratedManifestEncryption{SSES3: &control.SSES3Encryption{}},
	}
}

// generated returns the lines of the manifest that a job has generated.
func (w *world) generated(j *control.JobDescriptor) string {
	w.Helper()
	var manifest struct {
		Files []struct{ Key, MD5checksum string }
	}
	key := strings.TrimPrefix(*j.GeneratedManifestDescriptor.Location.ObjectArn, "arn:aws:s3:::reports/")
	if err := json.Unmarshal([]byte(w.content("reports", ireland, key)), &manifest); err != nil {
		w.Fatal(err)
	}
	packed := w.content("reports", ireland, manifest.Files[0].Key)
	if manifest.Files[0].MD5checksum != md5Of(packed) {
		w.Errorf("the MD5 of %s is not %s", manifest.Files[0].Key, manifest.Files[0].MD5checksum)
	}
	plain, err := gzip.NewReader(strings.NewReader(packed))
	lines, err := io.ReadAll(must(w, plain, err))
	return string(must(w, lines, err))
}

func TestAGeneratorChoosesByItsFilter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := backlog(t, "before/one", "before/two.log", "outside")
		early := time.Now()
		pass(time.Hour)
		r := rule("side-b")
		r.Filter.Prefix = aws.String("before/")
		must(t, 0, w.replicate("side-a", ireland, "arn:aws:iam::"+account+":role/r", r))
		cold, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("side-a"), Key: aws.String("before/cold"), Body: strings.NewReader("x"), StorageClass: types.StorageClassDeepArchive,
		})
		must(t, cold, err)
		w.put("side-a", ireland, "before/live", strings.Repeat("x", 1000))
		pass(time.Minute)
		role := w.batchRole("batch", generatorActions...)
		for name, row := range map[string]struct {
			filter *control.JobManifestGeneratorFilter
			keys   string
		}{
			"everything": {nil, "before/cold before/live before/one before/two.log outside"},
			"eligible":   {&control.JobManifestGeneratorFilter{EligibleForReplication: aws.Bool(true)}, "before/live before/one before/two.log"},
			"without status": {&control.JobManifestGeneratorFilter{
				EligibleForReplication: aws.Bool(true), ObjectReplicationStatuses: []control.ReplicationStatus{"NONE", "FAILED"},
			}, "before/one before/two.log"},
			"completed": {&control.JobManifestGeneratorFilter{ObjectReplicationStatuses: []control.ReplicationStatus{"COMPLETED"}}, "before/live"},
			"early":     {&control.JobManifestGeneratorFilter{CreatedBefore: aws.Time(early.Add(time.Minute))}, "before/one before/two.log outside"},
			"late":      {&control.JobManifestGeneratorFilter{CreatedAfter: aws.Time(early.Add(time.Minute))}, "before/cold before/live"},
			"names": {&control.JobManifestGeneratorFilter{KeyNameConstraint: &control.KeyNameConstraint{
				MatchAnyPrefix: []string{"before"}, MatchAnySubstring: []string{"two"}, MatchAnySuffix: []string{".log"},
			}}, "before/two.log"},
			"large":   {&control.JobManifestGeneratorFilter{ObjectSizeGreaterThanBytes: aws.Int64(999)}, "before/live"},
			"small":   {&control.JobManifestGeneratorFilter{ObjectSizeLessThanBytes: aws.Int64(10)}, "before/cold"},
			"class":   {&control.JobManifestGeneratorFilter{MatchAnyStorageClass: []control.S3StorageClass{"DEEP_ARCHIVE", "GLACIER"}}, "before/cold"},
			"SSE-KMS": {&control.JobManifestGeneratorFilter{MatchAnyObjectEncryption: []control.ObjectEncryptionFilter{&control.ObjectEncryptionFilterMemberSSEKMS{}}}, ""},
		} {
			in := generating(role, row.filter)
			in.ClientRequestToken, in.ConfirmationRequired = &name, aws.Bool(true)
			writesList(in)
			id := w.create(in)
			pass(time.Minute)
			j := w.describe(id)
			if row.keys == "" {
				if counts(j) != "Failed 0/0/0" || *j.FailureReasons[0].FailureReason != "Manifest generation found no keys matching the filter criteria." {
					t.Errorf("%s: it ended as %s: %+v", name, counts(j), j.FailureReasons)
				}
				continue
			}
			if j.Status != "Suspended" {
				t.Errorf("%s: it is %s: %+v", name, counts(j), j.FailureReasons)
				continue
			}
			var keys []string
			for line := range strings.Lines(w.generated(j)) {
				keys = append(keys, strings.Split(line, ",")[1])
			}
			if got := strings.Join(keys, " "); got != row.keys {
				t.Errorf("%s: %s, with %s, want %s", name, counts(j), got, row.keys)
			}
		}
	})
}

func TestAGeneratedManifestIsWrittenWhereTheJobSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "a key")
		in := generating(w.batchRole("batch", generatorActions...), &control.JobManifestGeneratorFilter{EligibleForReplication: aws.Bool(true)})
		writesList(in)
		j := w.ends(w.create(in))
		at := j.GeneratedManifestDescriptor
		if counts(j) != "Complete 1/1/0" || at == nil || at.Format != "S3InventoryReport_CSV_20211130" {
			t.Fatalf("it ended as %s: %+v", counts(j), at)
		}
		key, found := strings.CutPrefix(*at.Location.ObjectArn, "arn:aws:s3:::reports/")
		if head, err := w.head("reports", ireland, key, ""); err != nil || !found || strings.Trim(*head.ETag, `"`) != *at.Location.ETag || !strings.HasPrefix(key, "lists/") {
			t.Fatalf("%s: %v", *at.Location.ObjectArn, err)
		}
		if got := w.generated(j); got != "side-a,a%20key,"+versions["a key"]+"\n" {
			t.Errorf("the list is %q", got)
		}
	})
}

func TestAGeneratorNeedsRightsOnTheSource(t *testing.T) {
	for _, missing := range []string{"s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"} {
		t.Run(missing, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, _ := backlog(t, "one")
				role := w.batchRole("batch", slices.DeleteFunc(slices.Clone(generatorActions), func(action string) bool { return action == missing })...)
				j := w.ends(w.create(generating(role, nil)))
				if counts(j) != "Failed 0/0/0" || !strings.HasSuffix(*j.FailureReasons[0].FailureReason, missing+" required.") {
					t.Errorf("it ended as %s: %+v", counts(j), j.FailureReasons)
				}
			})
		})
	}
}
