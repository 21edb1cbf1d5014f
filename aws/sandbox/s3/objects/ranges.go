package objects

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// MaxParts is how many parts an object may have.
const MaxParts = 10000

// PartNumber reads the parameter of that name.
func PartNumber(c *request.Call) (int, error) {
	text := c.Query.Get("partNumber")
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > MaxParts {
		return 0, request.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text)
	}
	return number, nil
}

// span is the run of bytes that a request asks for.
type span struct {
	offset, length int64
	partial        bool // answered with 206
	ranged         bool // by a Range header
	number         int  // by a part number, from 1
}

// spanOf reads the Range header or the part number of a request.
func spanOf(c *request.Call, v *store.Version) (span, error) {
	text := c.R.Header.Get("Range")
	if c.Query.Has("partNumber") {
		if text != "" {
			return span{}, request.InvalidRequest("Cannot specify both Range header and partNumber query parameter")
		}
		return partSpan(c, v)
	}
	offset, length, ok := parseRange(text, v.Size)
	if !ok {
		return span{length: v.Size}, nil
	}
	if length <= 0 {
		return span{}, refusal.New(http.StatusRequestedRangeNotSatisfiable, "InvalidRange",
			"The requested range is not satisfiable",
			refusal.With("RangeRequested", text), refusal.With("ActualObjectSize", strconv.FormatInt(v.Size, 10))).
			Header("Content-Range", fmt.Sprintf("bytes */%d", v.Size))
	}
	return span{offset: offset, length: length, partial: true, ranged: true}, nil
}

func partSpan(c *request.Call, v *store.Version) (span, error) {
	number, err := PartNumber(c)
	if err != nil {
		return span{}, err
	}
	if len(v.Parts) == 0 {
		if number == 1 {
			return span{length: v.Size, partial: v.Size > 0, number: 1}, nil
		}
	} else if number <= len(v.Parts) {
		s := span{partial: true, number: number}
		for _, p := range v.Parts[:number-1] {
			s.offset += p.Size
		}
		s.length = v.Parts[number-1].Size
		return s, nil
	}
	return span{}, refusal.New(http.StatusRequestedRangeNotSatisfiable, "InvalidPartNumber",
		"The requested partnumber is not satisfiable",
		refusal.With("PartNumberRequested", c.Query.Get("partNumber")), refusal.With("ActualPartCount", strconv.Itoa(max(1, len(v.Parts)))))
}

// parseRange reads one range of bytes. What is not one is ignored, as HTTP
// asks; a range outside the object has length 0.
func parseRange(text string, size int64) (offset, length int64, ok bool) {
	text, found := strings.CutPrefix(text, "bytes=")
	if !found || strings.Contains(text, ",") {
		return 0, 0, false
	}
	first, last, found := strings.Cut(text, "-")
	if !found {
		return 0, 0, false
	}
	if first == "" {
		suffix, ok := request.Whole(last)
		suffix = min(suffix, size)
		return size - suffix, suffix, ok
	}
	offset, ok = request.Whole(first)
	end := size - 1
	if last != "" {
		given, whole := request.Whole(last)
		ok = ok && whole && !request.Exceeds(first, last)
		end = min(end, given)
	}
	if !ok {
		return 0, 0, false
	}
	if offset > end {
		return 0, 0, true
	}
	return offset, end - offset + 1, true
}

func contentRange(s span, size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", s.offset, s.offset+s.length-1, size)
}
