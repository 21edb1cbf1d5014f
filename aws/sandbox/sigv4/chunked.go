package sigv4

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
)

const (
	// minChunk is the least size in bytes of every chunk but the last (Amazon S3 API Reference, "transferring payload in
	// multiple chunks").
	minChunk = 8 << 10
	// maxTrailer bounds the trailer in bytes, against a body that never ends.
	maxTrailer = 8 << 10
)

// chunkSigner is the state of a chain of chunk signatures: each one signs the one before it.
type chunkSigner struct {
	key       []byte
	at, scope string
	previous  string
}

// next checks one link of the chain.
func (s *chunkSigner) next(kind, hashes, signature string) bool {
	text := algorithm + "-" + kind + "\n" + s.at + "\n" + s.scope + "\n" + s.previous + "\n" + hashes
	if !hmac.Equal([]byte(sign(s.key, text)), []byte(signature)) {
		return false
	}
	s.previous = signature
	return true
}

// chunkReader decodes an aws-chunked body: "<hex size>[;chunk-signature=…]\r\n<data>\r\n", repeated to a chunk of size
// zero, then the trailer lines and an empty line.
type chunkReader struct {
	source  *bufio.Reader
	payload Payload
	signer  chunkSigner
	trailer map[string]string

	remaining int64
	size      int64
	started   bool
	signature string
	digest    hash.Hash
}

func newChunkReader(source io.Reader, payload Payload, signer chunkSigner) *chunkReader {
	return &chunkReader{
		source:  bufio.NewReader(source),
		payload: payload,
		signer:  signer,
		trailer: make(map[string]string),
		digest:  sha256.New(),
	}
}

// Read returns io.EOF after the trailer has been read and, if it is signed, agrees with its signature.
func (c *chunkReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if c.remaining == 0 {
		if err := c.nextChunk(); err != nil {
			return 0, err
		}
	}
	n, err := c.source.Read(p[:min(int64(len(p)), c.remaining)])
	c.remaining -= int64(n)
	if c.payload.signedChunks() {
		c.digest.Write(p[:n])
	}
	if err != nil {
		return n, unexpected(err)
	}
	if c.remaining == 0 {
		err = c.endChunk()
	}
	return n, err
}

// nextChunk reads the header of a chunk, and the rest of the body if it is the last.
func (c *chunkReader) nextChunk() error {
	line, err := c.line()
	if err != nil {
		return err
	}
	sizeText, extension, _ := strings.Cut(line, ";")
	size, err := strconv.ParseUint(sizeText, 16, 62)
	if err != nil || sizeText == "" {
		return errBrokenOff()
	}
	if c.started && c.size < minChunk && size != 0 {
		return refusal.New(http.StatusForbidden, "InvalidChunkSizeError",
			"Only the last chunk is allowed to have a size less than 8192 bytes")
	}
	if c.payload.signedChunks() {
		signature, found := strings.CutPrefix(extension, "chunk-signature=")
		if !found {
			return errBrokenOff()
		}
		c.signature = signature
		c.digest.Reset()
	}
	c.started, c.size, c.remaining = true, int64(size), int64(size)
	if size > 0 {
		return nil
	}
	if err := c.checkChunk(); err != nil {
		return err
	}
	return c.readTrailer()
}

func (c *chunkReader) endChunk() error {
	end, err := c.line()
	if err != nil {
		return err
	}
	if end != "" {
		return errBrokenOff()
	}
	return c.checkChunk()
}

func (c *chunkReader) checkChunk() error {
	if !c.payload.signedChunks() {
		return nil
	}
	if !c.signer.next("PAYLOAD", hashHex("")+"\n"+hex.EncodeToString(c.digest.Sum(nil)), c.signature) {
		return errMismatch("s3", nil)
	}
	return nil
}

// readTrailer reads the lines after the last chunk and returns io.EOF if all is well.
func (c *chunkReader) readTrailer() error {
	var names []string
	signature, size := "", 0
	for {
		line, err := c.line()
		if errors.Is(err, io.ErrUnexpectedEOF) && (len(names) == 0 && !c.payload.hasTrailer() || signature != "") {
			break // some clients leave out the empty line at the end
		}
		if err != nil {
			return err
		}
		if line == "" {
			if c.payload == SignedChunksTrailer && signature == "" && len(names) > 0 {
				continue // between the trailer and its signature some clients leave a line empty
			}
			break
		}
		if size += len(line); size > maxTrailer {
			return errTrailer()
		}
		name, value, found := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		if !found || name == "" || !c.payload.hasTrailer() {
			return errTrailer()
		}
		if name == "x-amz-trailer-signature" {
			signature = strings.TrimSpace(value)
			continue
		}
		if slices.Contains(names, name) {
			return errTrailer()
		}
		names = append(names, name)
		c.trailer[name] = strings.TrimSpace(value)
	}
	if c.payload == SignedChunksTrailer {
		var text strings.Builder
		for _, name := range names {
			text.WriteString(name + ":" + c.trailer[name] + "\n")
		}
		if !c.signer.next("TRAILER", hashHex(text.String()), signature) {
			return errMismatch("s3", nil)
		}
	}
	return io.EOF
}

// line reads up to CR LF, which it drops.
func (c *chunkReader) line() (string, error) {
	raw, err := c.source.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", errBrokenOff()
	}
	if err != nil {
		return "", unexpected(err)
	}
	return strings.TrimSuffix(string(raw[:len(raw)-1]), "\r"), nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// errBrokenOff answers a chunked body that can't be followed, which S3 treats as one that broke off.
func errBrokenOff() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "IncompleteBody", "The request body terminated unexpectedly")
}
