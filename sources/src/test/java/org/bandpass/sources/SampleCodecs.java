package org.bandpass.sources;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compresses for the writer of Parquet, whose own codecs need all of Hadoop. */
public final class SampleCodecs implements CompressionCodecFactory {

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput bytes) throws IOException {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                bytes.writeAllTo(all);
                byte[] content = all.toByteArray();
                return BytesInput.from(
                        switch (codec) {
                            case SNAPPY -> Snappy.compress(content);
                            case GZIP -> SampleCrawl.gzip(content);
                            case ZSTD -> Zstd.compress(content);
                            case LZ4_RAW ->
                                LZ4Factory.fastestJavaInstance()
                                        .highCompressor()
                                        .compress(content);
                            default -> content;
                        });
            }

            @Override
            public CompressionCodecName getCodecName() {
                return codec;
            }

            @Override
            public void release() {
                // holds nothing
            }
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("nothing is read with it");
    }

    @Override
    public void release() {
        // holds nothing
    }
}
