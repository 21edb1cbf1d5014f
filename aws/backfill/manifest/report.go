package manifest

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Report is the first file of a job's report: where its results are (S3 User
// Guide, "Examples: S3 Batch Operations completion reports").
type Report struct {
	Format  string
	Results []Result
}

// Result is one file of results.
type Result struct {
	TaskExecutionStatus string // succeeded or failed
	Bucket, Key         string
	MD5Checksum         string // of the file, in hexadecimal digits
}

// ReadReport reads the first file.
func ReadReport(from io.Reader) (Report, error) {
	const most = 16 << 20
	var report Report
	text, err := io.ReadAll(io.LimitReader(from, most))
	if err != nil {
		return report, fmt.Errorf("read the job's report: %w", err)
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return report, fmt.Errorf("read the job's report: %w", err)
	}
	if report.Format != "Report_CSV_20180820" {
		return report, fmt.Errorf("the job's report has the format %q, which is not known here", clip(report.Format))
	}
	return report, nil
}

// Task is what came of one version.
type Task struct {
	Line
	Status  string // succeeded or failed
	Code    string // of the error, such as DstBucketNotFound
	HTTP    int    // the status, 0 if there is none
	Message string
}

// Tasks reads a file of results, a line at a time. The schema puts the code of
// an error before HTTP's status, and AWS's own examples have them the other way
// round: the number is the status.
func Tasks(from io.Reader, take func(Task) error) error {
	lines := csv.NewReader(from)
	lines.FieldsPerRecord, lines.ReuseRecord, lines.LazyQuotes = -1, true, true
	for n := 1; ; n++ {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read line %d of the job's results: %w", n, err)
		}
		if len(fields) < 7 {
			return fmt.Errorf("line %d of the job's results has %d columns: 7 are expected", n, len(fields))
		}
		line, err := parsed(fields)
		if err != nil {
			return fmt.Errorf("line %d of the job's results: %w", n, err)
		}
		task := Task{Line: line, Status: strings.Clone(fields[3]), Code: strings.Clone(fields[4]), Message: strings.Clone(fields[6])}
		if status, err := strconv.Atoi(fields[4]); err == nil {
			task.HTTP, task.Code = status, strings.Clone(fields[5])
		} else if status, err := strconv.Atoi(fields[5]); err == nil {
			task.HTTP = status
		}
		if err := take(task); err != nil {
			return err
		}
	}
}
