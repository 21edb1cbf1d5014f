package multipart

import (
	"crypto/md5" //nolint:gosec // S3's ETag
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// wantedPart is a part as CompleteMultipartUpload lists it.
type wantedPart struct {
	number    int
	etag      string
	algorithm string // of the checksum, "" if none is given
	checksum  string
}

func completeUpload(c *request.Call) error {
	id := c.Query.Get("uploadId")
	wanted, err := readParts(c)
	if err != nil {
		return err
	}
	if err := checkFinalHeaders(c); err != nil {
		return err
	}
	if v, done := c.Bucket.Completed(c.Key, id); done {
		// Completing again what is complete is no error: the first answer may
		// have been lost.
		return completed(c, v)
	}
	v, err := c.Bucket.Complete(c.Key, id, func(u *store.Upload, have map[int]*store.UploadPart) (*store.Version, error) {
		return assemble(c, u, have, wanted)
	}, func(u *store.Upload, newest *store.Version) error { return checkUnchanged(c, u, newest) }, c.Backend.Engine.Decider(c.Bucket))
	if err != nil {
		return err
	}
	c.Backend.Engine.Committed(c.Bucket, v)
	c.Created(v)
	return completed(c, v)
}

// checkUnchanged checks the conditions of a completion. What they hold for now
// but did not when the upload was begun was changed meanwhile, which S3 calls a
// conflict (S3 API Reference, CompleteMultipartUpload).
func checkUnchanged(c *request.Call, u *store.Upload, newest *store.Version) error {
	if err := objects.CheckWrite(c)(newest); err != nil {
		return err
	}
	var condition string
	switch {
	case c.R.Header.Get("If-None-Match") != "" && u.Overwrites:
		condition = "If-None-Match"
	case c.R.Header.Get("If-Match") != "" && newest.Modified.After(u.Initiated):
		condition = "If-Match"
	default:
		return nil
	}
	return refusal.New(http.StatusConflict, "ConditionalRequestConflict",
		"The conditional request cannot succeed due to a conflicting operation against this resource.",
		refusal.With("Condition", condition), refusal.With("Key", c.Key))
}

func completed(c *request.Call, v *store.Version) error {
	objects.SetNewVersionID(c, v)
	objects.SetEncryption(c, v)
	objects.SetExpiration(c, v)
	return c.Document(struct {
		XMLName  xml.Name     `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
		Location string       `xml:"Location"`
		Bucket   string       `xml:"Bucket"`
		Key      request.Text `xml:"Key"`
		ETag     string       `xml:"ETag"`
		Type     string       `xml:"ChecksumType,omitempty"`
		checksum.Elements
	}{
		Location: "https://" + c.BucketName + ".s3." + c.Bucket.Region + ".amazonaws.com/" + url.PathEscape(c.Key),
		Bucket:   c.BucketName, Key: request.Text(c.Key), ETag: request.Quoted(v.ETag),
		Type: v.Checksum.Type, Elements: checksum.ElementsOf(v.Checksum),
	})
}

// checkFinalHeaders checks what the headers say of the whole object against its
// form.
func checkFinalHeaders(c *request.Call) error {
	if text := c.R.Header.Get("X-Amz-Mp-Object-Size"); text != "" {
		size, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return request.InvalidRequest("Value for x-amz-mp-object-size header is invalid: '" + text + "'")
		}
		if size < 0 {
			return request.InvalidRequest("Value for x-amz-mp-object-size header is less than zero: '" + text + "'")
		}
	}
	if kind := c.R.Header.Get("X-Amz-Checksum-Type"); kind != "" && kind != checksum.FullObject && kind != checksum.Composite {
		return request.InvalidRequest("Value for x-amz-checksum-type header is invalid.")
	}
	given := 0
	for _, algorithm := range sigv4.Algorithms {
		value := c.R.Header.Get("X-Amz-Checksum-" + algorithm)
		if value == "" {
			continue
		}
		given++
		sum, _, _ := strings.Cut(value, "-")
		if raw, err := base64.StdEncoding.DecodeString(sum); err != nil || len(raw) != sigv4.NewDigest(algorithm).Size() {
			return request.InvalidRequest("Value for x-amz-checksum-" + strings.ToLower(algorithm) + " header is invalid.")
		}
	}
	if given > 1 {
		return request.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
	}
	return nil
}

func readParts(c *request.Call) ([]wantedPart, error) {
	doc, err := c.ReadDocument()
	if err != nil {
		return nil, err
	}
	return parseParts(doc)
}

func parseParts(doc []byte) ([]wantedPart, error) {
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != "CompleteMultipartUpload" || !root.Only([]string{"Part"}) || len(root.Children) == 0 {
		return nil, request.MalformedXML()
	}
	var parts []wantedPart
	for _, n := range root.Children {
		number, err := strconv.Atoi(n.Value("PartNumber"))
		if err != nil || n.Child("ETag") == nil {
			return nil, request.MalformedXML()
		}
		if number < 1 || number > objects.MaxParts {
			return nil, request.InvalidArgument("PartNumber must be >= 1", "PartNumber", strconv.Itoa(number))
		}
		if len(parts) > 0 && number <= parts[len(parts)-1].number {
			return nil, refusal.New(http.StatusBadRequest, "InvalidPartOrder",
				"The list of parts was not in ascending order. Parts must be ordered by part number.")
		}
		part := wantedPart{number: number, etag: strings.Trim(n.Value("ETag"), `"`)}
		for _, algorithm := range sigv4.Algorithms {
			value := n.Value("Checksum" + algorithm)
			if value == "" {
				continue
			}
			raw, err := base64.StdEncoding.DecodeString(value)
			if err != nil || len(raw) != sigv4.NewDigest(algorithm).Size() || part.checksum != "" {
				return nil, request.InvalidArgument("Invalid Base64 or multiple checksums present in request", "Checksum", value)
			}
			part.algorithm, part.checksum = algorithm, value
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// checkPart checks a part against what the request says of it.
func checkPart(u *store.Upload, part *store.UploadPart, want wantedPart) error {
	sum, number := u.Draft.Checksum, strconv.Itoa(want.number)
	switch {
	case part == nil || checksum.Hex(part.MD5) != want.etag || want.algorithm == sum.Algorithm && want.checksum != part.Checksum.Value:
		return refusal.New(http.StatusBadRequest, "InvalidPart",
			"One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "+
				"entity tag may not match the part's entity tag.",
			refusal.With("UploadId", u.ID), refusal.With("PartNumber", number), refusal.With("ETag", want.etag))
	case want.algorithm != "" && want.algorithm != sum.Algorithm && u.ChecksumAsked:
		return refusal.New(http.StatusBadRequest, "BadDigest", "The "+strings.ToLower(want.algorithm)+" you specified for part "+number+
			" did not match what we received.")
	case want.algorithm == "" && u.ChecksumAsked && sum.Type == checksum.Composite:
		return request.InvalidRequest("The upload was created using a " + strings.ToLower(sum.Algorithm) + " checksum. The complete request " +
			"must include the checksum for each part. It was missing for part " + number + " in the request.")
	}
	return nil
}

// assemble joins the wanted parts by reference to their bytes.
func assemble(c *request.Call, u *store.Upload, have map[int]*store.UploadPart, wanted []wantedPart) (*store.Version, error) {
	etags := md5.New() //nolint:gosec // S3's ETag
	v := u.Draft
	var parts []*store.UploadPart
	var bodies []*store.Body
	for i, want := range wanted {
		part := have[want.number]
		if err := checkPart(u, part, want); err != nil {
			return nil, err
		}
		if i < len(wanted)-1 && part.Body.Size() < minPart {
			return nil, refusal.New(http.StatusBadRequest, "EntityTooSmall",
				"Your proposed upload is smaller than the minimum allowed size",
				refusal.With("ProposedSize", strconv.FormatInt(part.Body.Size(), 10)),
				refusal.With("MinSizeAllowed", strconv.Itoa(minPart)),
				refusal.With("PartNumber", strconv.Itoa(want.number)), refusal.With("ETag", want.etag))
		}
		etags.Write(part.MD5)
		parts, bodies = append(parts, part), append(bodies, part.Body)
		v.Parts = append(v.Parts, store.Part{Number: want.number, Size: part.Body.Size(), Checksum: u.Told(part)})
		v.Size += part.Body.Size()
	}
	sum, err := checksum.Join(u.Draft.Checksum.Algorithm, u.Draft.Checksum.Type, parts)
	if err != nil {
		return nil, err
	}
	// Some clients send a composite checksum without the number of parts.
	whole, _, _ := strings.Cut(sum.Value, "-")
	if given := c.R.Header.Get("X-Amz-Checksum-" + sum.Algorithm); given != "" && given != sum.Value && given != whole {
		return nil, refusal.New(http.StatusBadRequest, "BadDigest",
			"The "+sum.Algorithm+" you specified did not match the calculated checksum.")
	}
	if kind := c.R.Header.Get("X-Amz-Checksum-Type"); kind != "" && kind != sum.Type {
		return nil, request.InvalidRequest("The upload was created using the " + sum.Type + " checksum mode. The complete request must " +
			"use the same checksum mode.")
	}
	if size := c.R.Header.Get("X-Amz-Mp-Object-Size"); size != "" && size != strconv.FormatInt(v.Size, 10) {
		return nil, request.InvalidRequest("The provided 'x-amz-mp-object-size' header value " + size +
			" does not match what was computed: " + strconv.FormatInt(v.Size, 10))
	}
	v.ETag = checksum.Hex(etags.Sum(nil)) + "-" + strconv.Itoa(len(parts))
	v.Checksum = sum
	v.Body = store.Join(bodies)
	return &v, nil
}
