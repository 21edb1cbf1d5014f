package sandbox_test

import (
	"compress/gzip"
	"context"
	"crypto/md5"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// wantedList is an inventory's configuration of a bucket with all versions.
func wantedList(to string, frequency types.InventoryFrequency) *types.InventoryConfiguration {
	return &types.InventoryConfiguration{
		Id: aws.String("all"), IsEnabled: aws.Bool(true), IncludedObjectVersions: types.InventoryIncludedObjectVersionsAll,
		Schedule: &types.InventorySchedule{Frequency: frequency},
		OptionalFields: []types.InventoryOptionalField{
			types.InventoryOptionalFieldReplicationStatus, types.InventoryOptionalFieldSize, types.InventoryOptionalFieldETag,
			types.InventoryOptionalFieldLastModifiedDate, types.InventoryOptionalFieldStorageClass,
		},
		Destination: &types.InventoryDestination{S3BucketDestination: &types.InventoryS3BucketDestination{
			Bucket: aws.String("arn:aws:s3:::" + to), Format: types.InventoryFormatCsv, Prefix: aws.String("lists"),
		}},
	}
}

func (w *world) inventory(bucket string, c *types.InventoryConfiguration) {
	w.Helper()
	_, err := w.s3(ireland).PutBucketInventoryConfiguration(w.Context(), &s3.PutBucketInventoryConfigurationInput{
		Bucket: &bucket, Id: c.Id, InventoryConfiguration: c,
	})
	must(w, 0, err)
}

// takesLists lets S3 write the lists of side-a to a bucket.
func (w *world) takesLists(bucket, region string) {
	w.Helper()
	_, err := w.s3(region).PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: aws.String(fmt.Sprintf(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"s3:PutObject",
		"Resource":"arn:aws:s3:::%s/*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::side-a"},
		"StringEquals":{"aws:SourceAccount":"%s","s3:x-amz-acl":"bucket-owner-full-control"}}}]}`, bucket, w.sandbox.AccountID()))})
	must(w, 0, err)
}

// delivered returns the keys of a bucket.
func (w *world) delivered(bucket string) []string {
	w.Helper()
	out, err := w.s3(ireland).ListObjectsV2(w.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})
	must(w, out, err)
	var keys []string
	for _, o := range out.Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}

// manifests returns the keys of the manifests of a bucket's lists.
func (w *world) manifests(bucket string) []string {
	return slices.DeleteFunc(w.delivered(bucket), func(key string) bool { return !strings.HasSuffix(key, "/manifest.json") })
}

type inventoryManifest struct {
	SourceBucket, DestinationBucket, Version, CreationTimestamp, FileFormat, FileSchema string
	Files                                                                               []struct {
		Key         string
		Size        int64
		MD5checksum string
	}
}

// inventoryRows reads a list by its manifest, as anybody would.
func (w *world) inventoryRows(bucket, manifest string) (inventoryManifest, [][]string) {
	w.Helper()
	text := w.content(bucket, ireland, manifest)
	sum := md5.Sum([]byte(text))
	if got := w.content(bucket, ireland, strings.Replace(manifest, ".json", ".checksum", 1)); got != hex.EncodeToString(sum[:]) {
		w.Errorf("the manifest's checksum is %s", got)
	}
	var m inventoryManifest
	must(w, 0, json.Unmarshal([]byte(text), &m))
	var rows [][]string
	for _, f := range m.Files {
		packed := w.content(bucket, ireland, f.Key)
		if sum := md5.Sum([]byte(packed)); hex.EncodeToString(sum[:]) != f.MD5checksum || f.Size != int64(len(packed)) {
			w.Errorf("%s has another sum or size than the manifest says", f.Key)
		}
		plain, err := gzip.NewReader(strings.NewReader(packed))
		must(w, plain, err)
		all, err := csv.NewReader(plain).ReadAll()
		rows = append(rows, must(w, all, err)...)
	}
	return m, rows
}

func TestAnInventoryIsDeliveredWithin48HoursAndThenEachDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, InventoryFileRows: 4})
		w.plainBucket("side-a", ireland)
		w.put("side-a", ireland, "null version", "x")
		w.pair2()
		w.bucket("lists", ireland)
		w.takesLists("lists", ireland)
		w.inventory("side-a", wantedList("lists", types.InventoryFrequencyDaily))
		first := w.put("side-a", ireland, `a "quoted"/ü key`, "12345")
		w.put("side-a", ireland, "k", "x")
		_, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("k")})
		must(t, 0, err)
		for i := range 4 {
			w.put("side-a", ireland, fmt.Sprint("more", i), "x")
		}
		pass(24*time.Hour - time.Second)
		if early := w.delivered("lists"); len(early) > 0 {
			t.Fatalf("delivered within a day: %v", early)
		}
		pass(24 * time.Hour)
		if got := w.manifests("lists"); len(got) != 1 {
			t.Fatalf("after two days there are %v", w.delivered("lists"))
		}
		manifest := w.manifests("lists")[0]
		m, rows := w.inventoryRows("lists", manifest)
		if m.FileSchema != "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass, ReplicationStatus" ||
			m.SourceBucket != "side-a" || m.DestinationBucket != "arn:aws:s3:::lists" || m.FileFormat != "CSV" || len(m.Files) != 2 {
			t.Errorf("the manifest is %+v", m)
		}
		byKey := map[string][]string{}
		var order []string
		for _, row := range rows {
			order = append(order, row[1])
			if row[4] == "false" {
				byKey[row[1]] = row
			}
		}
		if len(rows) != 8 || slices.IsSorted(order) {
			t.Errorf("%d rows, sorted: %v", len(rows), order)
		}
		if row := byKey["null+version"]; row == nil || row[2] != "" || row[9] != "" {
			t.Errorf("the null version is %q", row)
		}
		row := byKey["a+%22quoted%22/%C3%BC+key"]
		if row == nil || row[2] != *first.VersionId || row[5] != "5" || `"`+row[7]+`"` != *first.ETag || row[8] != "STANDARD" || row[9] != "COMPLETED" {
			t.Errorf("a version is %q", row)
		}
		marker := slices.IndexFunc(rows, func(r []string) bool { return r[4] == "true" })
		if marker < 0 || rows[marker][3] != "true" || rows[marker][7] != "" {
			t.Errorf("the marker is missing or wrong in %q", rows)
		}
		stamp := strings.TrimSuffix(strings.TrimPrefix(manifest, "lists/side-a/all/"), "/manifest.json")
		at, err := time.Parse("2006-01-02T15-04Z", stamp)
		must(t, at, err)
		links := w.content("lists", ireland, "lists/side-a/all/hive/dt="+at.Format("2006-01-02-15-04")+"/symlink.txt")
		if want := "s3://lists/" + m.Files[0].Key + "\ns3://lists/" + m.Files[1].Key + "\n"; links != want {
			t.Errorf("the links are %q, want %q", links, want)
		}
		pass(24 * time.Hour)
		if got := w.manifests("lists"); len(got) != 2 {
			t.Errorf("after three days there are %v", got)
		}
	})
}

// pair2 is pair, where side-a is there already.
func (w *world) pair2() {
	w.Helper()
	must(w, 0, w.versioning("side-a", ireland, types.BucketVersioningStatusEnabled))
	w.bucket("side-b", singapore)
	must(w, 0, w.replicate("side-a", ireland, w.role("both", allActions...), rule("side-b")))
}

func TestWeeklyInventoriesComeOnSundays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.bucket("side-a", ireland)
		w.bucket("lists", ireland)
		w.takesLists("lists", ireland)
		w.inventory("side-a", wantedList("lists", types.InventoryFrequencyWeekly))
		w.put("side-a", ireland, "k", "x")
		pass(30 * 24 * time.Hour)
		got := w.manifests("lists")
		if len(got) != 5 {
			t.Fatalf("in 30 days: %v", got)
		}
		for _, key := range got[1:] {
			at, err := time.Parse("2006-01-02T15-04Z", strings.Split(key, "/")[3])
			if must(t, at, err).Weekday() != time.Sunday {
				t.Errorf("%s is of a %v", key, at.Weekday())
			}
		}
	})
}

func TestInventoriesGoOnlyWhereTheyMay(t *testing.T) {
	const other = "arn:aws:s3:::side-b"
	for name, row := range map[string]struct {
		change   func(w *world, c *types.InventoryConfiguration)
		delivers bool
	}{
		"as it should be": {func(*world, *types.InventoryConfiguration) {}, true},
		"no policy": {func(w *world, _ *types.InventoryConfiguration) {
			_, err := w.s3(ireland).DeleteBucketPolicy(w.Context(), &s3.DeleteBucketPolicyInput{Bucket: aws.String("lists")})
			must(w, 0, err)
		}, false},
		"a policy for another bucket's lists": {func(w *world, _ *types.InventoryConfiguration) {
			out, err := w.s3(ireland).GetBucketPolicy(w.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String("lists")})
			must(w, out, err)
			_, err = w.s3(ireland).PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{
				Bucket: aws.String("lists"), Policy: aws.String(strings.Replace(*out.Policy, "arn:aws:s3:::side-a", other, 1)),
			})
			must(w, 0, err)
		}, false},
		"another region": {func(w *world, c *types.InventoryConfiguration) {
			w.bucket("far", singapore)
			w.takesLists("far", singapore)
			c.Destination.S3BucketDestination.Bucket = aws.String("arn:aws:s3:::far")
		}, false},
		"no such bucket": {func(_ *world, c *types.InventoryConfiguration) {
			c.Destination.S3BucketDestination.Bucket = aws.String("arn:aws:s3:::nowhere-at-all")
		}, false},
		"disabled": {func(_ *world, c *types.InventoryConfiguration) { c.IsEnabled = aws.Bool(false) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.bucket("side-a", ireland)
				w.bucket("lists", ireland)
				w.takesLists("lists", ireland)
				c := wantedList("lists", types.InventoryFrequencyDaily)
				row.change(w, c)
				w.inventory("side-a", c)
				pass(72 * time.Hour)
				if got := w.delivered("lists"); len(got) > 0 != row.delivers {
					t.Errorf("delivered: %v", got)
				}
				if name == "another region" {
					out, err := w.s3(singapore).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("far")})
					if must(t, out, err); len(out.Contents) > 0 {
						t.Errorf("delivered to another region")
					}
				}
			})
		})
	}
}

func TestAnInventoryHasOnlyWhatItIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.bucket("side-a", ireland)
		w.bucket("lists", ireland)
		w.takesLists("lists", ireland)
		c := wantedList("lists", types.InventoryFrequencyDaily)
		c.IncludedObjectVersions, c.OptionalFields = types.InventoryIncludedObjectVersionsCurrent, nil
		c.Filter = &types.InventoryFilter{Prefix: aws.String("in/")}
		c.Destination.S3BucketDestination.Prefix = nil
		w.inventory("side-a", c)
		for _, key := range []string{"in/a", "in/a", "in/gone", "out"} {
			w.put("side-a", ireland, key, "x")
		}
		_, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("in/gone")})
		must(t, 0, err)
		pass(48 * time.Hour)
		m, rows := w.inventoryRows("lists", w.manifests("lists")[0])
		if m.FileSchema != "Bucket, Key" || len(rows) != 1 || rows[0][1] != "in/a" {
			t.Errorf("%s: %q", m.FileSchema, rows)
		}
	})
}

// One more list may come after a configuration was deleted, and never two.
func TestADeletedInventoryMayComeOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		came := map[int]int{}
		for seed := range uint64(16) {
			w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Seed: seed + 1})
			w.bucket("side-a", ireland)
			w.bucket("lists", ireland)
			w.takesLists("lists", ireland)
			w.inventory("side-a", wantedList("lists", types.InventoryFrequencyDaily))
			_, err := w.s3(ireland).DeleteBucketInventoryConfiguration(t.Context(), &s3.DeleteBucketInventoryConfigurationInput{
				Bucket: aws.String("side-a"), Id: aws.String("all"),
			})
			must(t, 0, err)
			pass(7 * 24 * time.Hour)
			came[len(w.manifests("lists"))]++
		}
		if came[0] == 0 || came[1] == 0 || len(came) != 2 {
			t.Errorf("so many lists came so often: %v", came)
		}
	})
}

func TestAnInventoryMayNotHaveTheLatestYet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, InventoryLag: 48 * time.Hour})
		w.bucket("side-a", ireland)
		w.bucket("lists", ireland)
		w.takesLists("lists", ireland)
		w.inventory("side-a", wantedList("lists", types.InventoryFrequencyDaily))
		for i := range 64 {
			w.put("side-a", ireland, fmt.Sprint(i), "x")
		}
		pass(48 * time.Hour)
		if _, rows := w.inventoryRows("lists", w.manifests("lists")[0]); len(rows) == 0 || len(rows) == 64 {
			t.Errorf("%d of 64 are listed", len(rows))
		}
		pass(48 * time.Hour)
		if _, rows := w.inventoryRows("lists", w.manifests("lists")[2]); len(rows) != 64 {
			t.Errorf("%d of 64 are listed two days later", len(rows))
		}
	})
}

func TestStateBringsInventoriesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		w := again(t, dir)
		w.bucket("side-a", ireland)
		w.bucket("lists", ireland)
		w.takesLists("lists", ireland)
		w.inventory("side-a", wantedList("lists", types.InventoryFrequencyDaily))
		pass(20 * time.Hour)
		w.shut()
		w = again(t, dir)
		pass(28 * time.Hour)
		if got := w.manifests("lists"); len(got) != 1 {
			t.Errorf("48 hours after it was asked for there are %v", got)
		}
		w.shut()
		pass(5 * 24 * time.Hour)
		w = again(t, dir)
		pass(24*time.Hour + time.Second)
		if got := w.manifests("lists"); len(got) < 2 || len(got) > 3 {
			t.Errorf("a day after an idle week there are %v", got)
		}
	})
}

func TestWrongInventoriesAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.bucket("side-a", ireland)
		must(t, 0, w.sandbox.Directory().AddUser("narrow", "AKIANARROW", "secret", `{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":"s3:GetInventoryConfiguration","Resource":"*"}]}`))
		put := func(client *s3.Client, c *types.InventoryConfiguration) error {
			_, err := client.PutBucketInventoryConfiguration(t.Context(), &s3.PutBucketInventoryConfigurationInput{
				Bucket: aws.String("side-a"), Id: aws.String("all"), InventoryConfiguration: c,
			})
			return err
		}
		for name, row := range map[string]struct {
			change func(c *types.InventoryConfiguration)
			code   string
		}{
			"frequency":   {func(c *types.InventoryConfiguration) { c.Schedule.Frequency = "Hourly" }, "MalformedXML"},
			"versions":    {func(c *types.InventoryConfiguration) { c.IncludedObjectVersions = "Some" }, "MalformedXML"},
			"format":      {func(c *types.InventoryConfiguration) { c.Destination.S3BucketDestination.Format = "JSON" }, "MalformedXML"},
			"field":       {func(c *types.InventoryConfiguration) { c.OptionalFields = []types.InventoryOptionalField{"Colour"} }, "MalformedXML"},
			"destination": {func(c *types.InventoryConfiguration) { c.Destination.S3BucketDestination.Bucket = aws.String("lists") }, "InvalidS3DestinationBucket"},
			"id":          {func(c *types.InventoryConfiguration) { c.Id = aws.String("other") }, "IdMismatch"},
		} {
			c := wantedList("lists", types.InventoryFrequencyDaily)
			row.change(c)
			if err := put(w.s3(ireland), c); code(err) != row.code {
				t.Errorf("%s: %v", name, err)
			}
		}
		narrow := s3.NewFromConfig(w.config(ireland), func(o *s3.Options) {
			o.BaseEndpoint, o.UsePathStyle = aws.String("http://127.0.0.1:9000"), true
			o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "AKIANARROW", SecretAccessKey: "secret"}, nil
			})
		})
		if err := put(narrow, wantedList("lists", types.InventoryFrequencyDaily)); code(err) != "AccessDenied" {
			t.Errorf("without the right: %v", err)
		}
		_, err := narrow.ListBucketInventoryConfigurations(t.Context(), &s3.ListBucketInventoryConfigurationsInput{Bucket: aws.String("side-a")})
		must(t, 0, err)
	})
}
