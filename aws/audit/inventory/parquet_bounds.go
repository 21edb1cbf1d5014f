package inventory

import (
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// What a file of Parquet may have at most: the library makes room for what
// headers claim. Writers of Parquet make pages and dictionaries of 1 MiB.
const (
	mostFooter  = 8 << 20  // bytes
	mostPage    = 16 << 20 // bytes, packed or not
	mostValues  = 4 << 20  // of a page: a column that is the same in all rows takes next to no bytes
	mostHeader  = 64 << 10 // bytes, of a page
	mostColumns = 256
)

// parquetFile is one that is held to bounds.
type parquetFile struct {
	ctx  context.Context
	file io.ReaderAt
	end  int64 // of the pages
	head []byte
}

// checkParquet reads what a file claims of itself and holds it to bounds, without
// making room for it.
func checkParquet(ctx context.Context, file io.ReaderAt, size int64) error {
	wrong := func(text string, args ...any) error { return &rowError{0, fmt.Sprintf(text, args...)} }
	if size < 12 {
		return wrong("it has %d bytes, and no Parquet is so short", size)
	}
	var tail [8]byte
	if err := readAll(file, tail[:], size-8); err != nil {
		return err
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if string(tail[4:]) != "PAR1" {
		return wrong("it does not end as Parquet does")
	}
	if n > mostFooter || n > size-12 {
		return wrong("its directory has %s bytes; at most %s are read, of a file of %s", humanize.Comma(n), humanize.Comma(mostFooter), humanize.Comma(size))
	}
	footer := make([]byte, n)
	if err := readAll(file, footer, size-8-n); err != nil {
		return err
	}
	if _, err := compactLength(footer); err != nil {
		return &rowError{0, err.Error()}
	}
	var meta format.FileMetaData
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), footer, &meta); err != nil {
		return wrong("its directory can't be read: %v", err)
	}
	if len(meta.Schema) < 2 || len(meta.Schema) > mostColumns || int(meta.Schema[0].NumChildren) != len(meta.Schema)-1 {
		return wrong("its schema is no row of at most %d columns", mostColumns)
	}
	for _, column := range meta.Schema[1:] {
		if column.NumChildren != 0 || column.Type == nil || column.RepetitionType == nil || *column.RepetitionType == format.Repeated {
			return wrong("its column %s has more than one value in a row", quoted(column.Name))
		}
	}
	p := &parquetFile{ctx, file, size - 8 - n, make([]byte, mostHeader)}
	for i := range meta.RowGroups {
		group := &meta.RowGroups[i]
		if len(group.Columns) != len(meta.Schema)-1 {
			return wrong("row group %d has %d columns, and the schema %d", i+1, len(group.Columns), len(meta.Schema)-1)
		}
		for at := range group.Columns {
			if err := p.column(&group.Columns[at], group.NumRows, *meta.Schema[1+at].Type); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return wrong("row group %d, column %s: %v", i+1, quoted(meta.Schema[1+at].Name), err)
			}
		}
	}
	return nil
}

// column walks over the pages of a column.
func (p *parquetFile) column(c *format.ColumnChunk, rows int64, kind format.Type) error {
	m := &c.MetaData
	at := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		at = m.DictionaryPageOffset
	}
	switch {
	case c.FilePath != "":
		return errors.New("it lies in another file")
	case m.Type != kind:
		return fmt.Errorf("it is of the kind %v, and the schema has %v", m.Type, kind)
	case rows < 0 || m.NumValues != rows:
		return fmt.Errorf("it has %d values in %d rows", m.NumValues, rows)
	case m.Codec != format.Uncompressed && m.Codec != format.Snappy && m.Codec != format.Gzip:
		return fmt.Errorf("it is packed as %v, which is not read here: SNAPPY and GZIP are", m.Codec)
	case at < 4 || at > p.end || m.TotalCompressedSize < 0 || m.TotalCompressedSize > p.end-at:
		return fmt.Errorf("its %d bytes from byte %d on are not in the file", m.TotalCompressedSize, at)
	}
	values, end := int64(0), at+m.TotalCompressedSize
	for at < end {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		n, next, err := p.page(at, end, m.Codec)
		if err != nil {
			return err
		}
		values, at = values+n, next
	}
	if values != rows {
		return fmt.Errorf("its pages have %d values for %d rows", values, rows)
	}
	return nil
}

// page looks at a page, and returns how many values of rows it has and where the
// next one is.
func (p *parquetFile) page(at, end int64, codec format.CompressionCodec) (values, next int64, err error) {
	head := p.head[:min(int64(len(p.head)), end-at)]
	if err := readAll(p.file, head, at); err != nil {
		return 0, 0, err
	}
	length, err := compactLength(head)
	if err != nil {
		return 0, 0, fmt.Errorf("the header of the page at byte %d is damaged, or longer than %s bytes", at, humanize.Comma(mostHeader))
	}
	var h format.PageHeader
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), head[:length], &h); err != nil {
		return 0, 0, fmt.Errorf("the header of the page at byte %d: %w", at, err)
	}
	from, packed, plain := at+int64(length), int64(h.CompressedPageSize), int64(h.UncompressedPageSize)
	if packed < 0 || plain < 0 || packed > end-from || packed > mostPage || plain > mostPage {
		return 0, 0, fmt.Errorf("the page at byte %d has %s bytes and unpacked %s; at most %s are read", at, humanize.Comma(packed), humanize.Comma(plain), humanize.Comma(mostPage))
	}
	var has, levels int64
	switch {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader != nil:
		has = int64(h.DictionaryPageHeader.NumValues)
	case h.Type == format.DataPage && h.DataPageHeader != nil:
		has = int64(h.DataPageHeader.NumValues)
		values = has
	case h.Type == format.DataPageV2 && h.DataPageHeaderV2 != nil:
		v2 := h.DataPageHeaderV2
		has = int64(v2.NumValues)
		values, levels = has, int64(v2.DefinitionLevelsByteLength)+int64(v2.RepetitionLevelsByteLength)
		if v2.DefinitionLevelsByteLength < 0 || v2.RepetitionLevelsByteLength < 0 || levels > packed || levels > plain {
			return 0, 0, fmt.Errorf("the page at byte %d has levels of %d bytes", at, levels)
		}
		if v2.IsCompressed != nil && !*v2.IsCompressed {
			codec = format.Uncompressed
		}
	default:
		return 0, 0, fmt.Errorf("the page at byte %d is of the kind %v", at, h.Type)
	}
	if has < 0 || has > mostValues {
		return 0, 0, fmt.Errorf("the page at byte %d has %s values; at most %s are read", at, humanize.Comma(has), humanize.Comma(mostValues))
	}
	body := io.NewSectionReader(p.file, from+levels, packed-levels)
	if err := unpacks(body, codec, plain-levels); err != nil {
		return 0, 0, fmt.Errorf("the page at byte %d: %w", at, err)
	}
	return values, from + packed, nil
}

// unpacks says whether a page unpacks to as many bytes as its header has: the
// library makes room for what the packed bytes say.
func unpacks(body *io.SectionReader, codec format.CompressionCodec, plain int64) error {
	has := plain
	switch {
	case body.Size() == 0:
	case codec == format.Snappy: // begins with its length
		var head [binary.MaxVarintLen64]byte
		n, err := body.ReadAt(head[:min(int64(len(head)), body.Size())], 0)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		length, used := binary.Uvarint(head[:n])
		if used <= 0 {
			return errors.New("it is damaged")
		}
		has = int64(min(length, 1<<40))
	case codec == format.Gzip:
		unpacked, err := gzip.NewReader(body)
		if err != nil {
			return err
		}
		if has, err = io.Copy(io.Discard, io.LimitReader(unpacked, plain+1)); err != nil {
			return err
		}
	}
	if has != plain {
		return fmt.Errorf("it unpacks to %s bytes or more, and its header has %s", humanize.Comma(has), humanize.Comma(plain))
	}
	return nil
}

func readAll(file io.ReaderAt, into []byte, at int64) error {
	n, err := file.ReadAt(into, at)
	if n == len(into) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return err
}
