package org.bandpass.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Tokenized;
import org.bandpass.ingest.SequencePacker.Packed;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.SequenceRemainder;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.SplitStamp;
import org.bandpass.schemas.Unit;

/**
 * Packs documents into sequences, with one packer for each domain and split part. A restart needs the tokens that wait
 * in the packers.
 */
final class SequenceRecords extends UnitRecords {

    /** Domain of documents whose own domain would exceed the limit. */
    static final String SHARED_DOMAIN = "other";

    private static final int LONGEST_DOMAIN = 200;

    private record Place(SplitPart part, String domain) {}

    private final TokenizingThreads tokenizing;
    private final ProgressRecords progress;
    private final IngestOutput output;
    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final Map<Place, SequencePacker> packers = new LinkedHashMap<>();
    private final Set<String> domains = new HashSet<>();
    private final Set<SequencePacker> changed = new LinkedHashSet<>();

    /** Continues after the records in the topics. */
    SequenceRecords(
            ProgressRecords progress,
            TokenizingThreads tokenizing,
            EarlierIngests earlier,
            AdmittedIds ids,
            IngestOutput output) {
        super(progress.topics(), ids, earlier.sequences());
        this.tokenizing = tokenizing;
        this.progress = progress;
        this.output = output;
        for (SequenceRemainder remainder : earlier.packers()) {
            SequencePacker packer = SequencePacker.of(remainder, tokenizing.endOfText());
            packers.put(new Place(remainder.getSplit().getPart(), remainder.getDomain()), packer);
            domains.add(remainder.getDomain());
            output.packed(0, packer.waiting());
        }
        domains.remove(SHARED_DOMAIN);
    }

    @Override
    List<ProducerRecord<byte[], byte[]>> records(Accepted accepted) {
        Tokenized document = (Tokenized) accepted;
        SequencePacker packer = packer(document.stamp(), domain(document.domain()));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        int before = packer.waiting();
        packer.add(document.id(), document.text(), packed -> records.add(record(packer, packed)));
        changed.add(packer);
        output.packed(records.size(), packer.waiting() - before);
        return records;
    }

    @Override
    List<ProducerRecord<byte[], byte[]>> state() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        changed.forEach(packer -> records.add(progress.of(packer.remainder(tokenizing.revision()))));
        changed.clear();
        records.addAll(super.state());
        return records;
    }

    private SequencePacker packer(SplitStamp stamp, String domain) {
        return packers.computeIfAbsent(
                new Place(stamp.getPart(), domain),
                place -> new SequencePacker(stamp, domain, tokenizing.settings().tokens(), tokenizing.endOfText()));
    }

    /** Limits the number of packers: each holds up to a sequence in memory and in every transaction. */
    private String domain(String domain) {
        if (domains.contains(domain) || domain.equals(SHARED_DOMAIN)) {
            return domain;
        }
        int most = tokenizing.settings().mostDomains();
        if (domains.size() >= most || domain.length() > LONGEST_DOMAIN) {
            output.sharedDomain(most);
            return SHARED_DOMAIN;
        }
        domains.add(domain);
        return domain;
    }

    private ProducerRecord<byte[], byte[]> record(SequencePacker packer, Packed packed) {
        String id = DocumentId.of(packed.ids());
        Document sequence = Document.newBuilder()
                .setId(id)
                .setUnit(Unit.SEQUENCE)
                .setSplit(packer.stamp())
                .setSource(progress.ingest())
                .setDomain(packer.domain())
                .setBytes(packed.bytes())
                .setTokenIds(Arrays.stream(packed.ids()).boxed().toList())
                .setTokenizerRevision(tokenizing.revision())
                .setCovers(packed.covers())
                .setText("")
                .build();
        return record(id, packer.stamp().getPart(), serde.write(sequence));
    }
}
