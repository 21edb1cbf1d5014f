package batch

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the checksum that reports have
	"crypto/rand"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"bothways/aws/sandbox/replicate"
)

// reportSchema is what the manifest of a report says of its columns. Reports of
// AWS have the status of HTTP before the code of the error all the same, as in
// the examples of the S3 User Guide (Examples: S3 Batch Operations completion
// reports).
const reportSchema = "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage"

// resultFile is a file of a report.
type resultFile struct {
	TaskExecutionStatus, Bucket, MD5Checksum, Key string
}

// report writes what came of the tasks that were begun and have ended. Without
// any there is no report (S3 User Guide, Completion reports).
func (js *Jobs) report(o Order, id string, tasks []task) *Failure {
	if !o.Report.Enabled {
		return nil
	}
	succeeded, failed := rows(tasks)
	if len(succeeded)+len(failed) == 0 {
		return nil
	}
	if !js.writes(o, id, succeeded, failed) {
		return &Failure{Reason: "The job report could not be written to your report bucket. Please check your permissions."}
	}
	return nil
}

// writes writes the files of a report and then their manifest, and reports
// whether it could.
func (js *Jobs) writes(o Order, id string, succeeded, failed []byte) bool {
	b, found := js.Store.Bucket(o.Report.Bucket)
	if !found || o.Report.ExpectedOwner != "" && o.Report.ExpectedOwner != b.Owner {
		return false
	}
	// Reports can't be written under a retention (S3 User Guide, Troubleshoot
	// Batch Operations).
	if lock, _ := b.Setting("object-lock"); bytes.Contains(lock, []byte("<DefaultRetention>")) {
		return false
	}
	session, err := js.Assume(o.RoleARN)
	if err != nil {
		return false
	}
	folder := "job-" + id
	if o.Report.Prefix != "" {
		folder = o.Report.Prefix + "/" + folder
	}
	put := func(key, kind string, content []byte) bool {
		_, done := put(session, o.Region, o.Report.Bucket, key, kind, content, nil)
		return done
	}
	files := []resultFile{}
	for _, of := range []struct {
		status string
		rows   []byte
	}{{"succeeded", succeeded}, {"failed", failed}} {
		if len(of.rows) == 0 || of.status == "succeeded" && o.Report.FailedOnly {
			continue
		}
		var name [20]byte
		_, _ = rand.Read(name[:]) // never fails
		sum := md5.Sum(of.rows)   //nolint:gosec // see the import
		key := folder + "/results/" + hex.EncodeToString(name[:]) + ".csv"
		if !put(key, "text/csv", of.rows) {
			return false
		}
		files = append(files, resultFile{of.status, o.Report.Bucket, hex.EncodeToString(sum[:]), key})
	}
	manifest, err := json.Marshal(struct {
		Format             string
		ReportCreationDate string
		Results            []resultFile
		ReportSchema       string
	}{"Report_CSV_20180820", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), files, reportSchema})
	return err == nil && put(folder+"/manifest.json", "application/json", manifest)
}

// put writes an object of the service as the role may, with SSE-S3 unless the
// headers say otherwise.
func put(s Session, region, bucket, key, kind string, content []byte, headers map[string]string) (etag string, done bool) {
	r := request(http.MethodPut, bucket, key, content)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Amz-Server-Side-Encryption", "AES256")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer := s.Send(region, r)
	_ = answer.Body.Close()
	return answer.Header.Get("Etag"), answer.StatusCode == http.StatusOK
}

// rows writes the results of tasks, in CSV with CRLF, those that succeeded and
// those that failed by themselves.
func rows(tasks []task) (succeeded, failed []byte) {
	var texts [2]bytes.Buffer
	var writers [2]*csv.Writer
	for i := range writers {
		writers[i] = csv.NewWriter(&texts[i])
		writers[i].UseCRLF = true
	}
	for _, t := range tasks {
		if !t.ended {
			continue
		}
		version := t.version
		if t.noVersion {
			version = `\N` // as reports of AWS have it
		}
		row := []string{t.bucket, escaped(t.key), version, "succeeded", "200", "", "success"}
		at := 0
		if t.reason != "" {
			status, message := explain(t.reason)
			row[3], row[4], row[5], row[6] = "failed", strconv.Itoa(status), t.reason, message
			at = 1
		}
		_ = writers[at].Write(row) // a buffer takes all
	}
	for _, w := range writers {
		w.Flush()
	}
	return texts[0].Bytes(), texts[1].Bytes()
}

// explain returns the status and the words that go with a reason. AWS documents
// the codes only; a report of AWS has 500 beside a version that is not eligible,
// which no retry changes.
func explain(reason string) (status int, message string) {
	switch reason {
	case missingVersion:
		return http.StatusBadRequest, "Task failed due to missing VersionId"
	case replicate.SrcObjectNotEligible:
		return http.StatusInternalServerError, "Object is not eligible for replication"
	}
	return http.StatusInternalServerError, "Amazon S3 could not replicate the object"
}
