package sigv4

import (
	"encoding/hex"
	"io"
	"strings"
	"testing"
)

// Clients end a signed trailer in several ways, which S3 takes all.
func TestASignedTrailerInTheFormsOfItsClients(t *testing.T) {
	const trailer = "x-amz-checksum-crc32:AAAAAA=="
	start := chunkSigner{key: []byte("key"), at: "20260101T000000Z", scope: "scope", previous: "seed"}
	empty := "AWS4-HMAC-SHA256-PAYLOAD\n" + start.at + "\n" + start.scope + "\nseed\n" + hashHex("") + "\n" + hashHex("")
	last := sign(start.key, empty)
	signed := sign(start.key, "AWS4-HMAC-SHA256-TRAILER\n"+start.at+"\n"+start.scope+"\n"+last+"\n"+hashHex(trailer+"\n"))
	read := func(rest string) error {
		body := "0;chunk-signature=" + last + "\r\n" + rest
		_, err := io.ReadAll(newChunkReader(strings.NewReader(body), SignedChunksTrailer, start))
		return err
	}
	for _, form := range []string{
		"T\r\nx-amz-trailer-signature:S\r\n\r\n", "T\n\r\nx-amz-trailer-signature:S\r\n\r\n",
		"T\n\r\nx-amz-trailer-signature:S\r\n", "T\r\n\r\nx-amz-trailer-signature:S\n\r\n\r\n",
	} {
		rest := strings.NewReplacer("T", trailer, "S", signed).Replace(form)
		if err := read(rest); err != nil {
			t.Errorf("%q: %v", form, err)
		}
		if err := read(strings.Replace(rest, signed, hex.EncodeToString(make([]byte, 32)), 1)); err == nil {
			t.Errorf("%q is taken with a wrong signature", form)
		}
	}
	for _, form := range []string{"T\r\n\r\n", "T\n\r\n\r\n", "\r\n", ""} {
		if err := read(strings.Replace(form, "T", trailer, 1)); err == nil {
			t.Errorf("%q is taken without a signature", form)
		}
	}
}
