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
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.Unit;

/**
 * Packs documents into sequences, one packer for each domain and split part, and says what a restart must know: what
 * waits in the packers that were touched, and the ids that were admitted, by which repeats are known. Sequences go round
 * the partitions in the order in which they were filled.
 */
final class SequenceRecords implements UnitRecords {

    /** Domain of documents whose own would be one too many. */
    static final String SHARED_DOMAIN = "other";

    private static final int LONGEST_DOMAIN = 200;

    private record Place(SplitPart part, String domain) {}

    private final Topics topics;
    private final PackingRules rules;
    private final String name;
    private final IngestOutput output;
    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final Map<Place, SequencePacker> packers = new LinkedHashMap<>();
    private final Set<String> domains = new HashSet<>();
    private final Set<SequencePacker> touched = new LinkedHashSet<>();
    private final AdmittedIds ids;
    private long sequences;

    /**
     * Continues after what is in the topics.
     *
     * @param name name of the ingest
     * @param rules how documents are packed
     * @param earlier what was left
     * @param ids keeps the ids that are admitted
     */
    SequenceRecords(
            Topics topics,
            String name,
            PackingRules rules,
            EarlierIngests earlier,
            AdmittedIds ids,
            IngestOutput output) {
        this.topics = topics;
        this.rules = rules;
        this.name = name;
        this.output = output;
        this.ids = ids;
        this.sequences = earlier.sequences();
        for (SequenceRemainder left : earlier.packers()) {
            SequencePacker packer = SequencePacker.of(left, rules.endOfText());
            packers.put(new Place(left.getSplit().getPart(), left.getDomain()), packer);
            domains.add(left.getDomain());
            output.waiting(packer.waiting());
        }
        domains.remove(SHARED_DOMAIN);
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> of(Accepted accepted) {
        Tokenized document = (Tokenized) accepted;
        ids.add(document.id());
        SequencePacker packer = packer(document.stamp(), domain(document.domain()));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        int before = packer.waiting();
        packer.add(document.id(), document.text(), packed -> records.add(record(packer, packed)));
        touched.add(packer);
        output.packed(records.size(), packer.waiting() - before);
        return records;
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> state() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (SequencePacker packer : touched) {
            SequenceRemainder left = packer.remainder(rules.tokenizerRevision());
            records.add(new ProducerRecord<>(
                    topics.ingestProgress().name(),
                    PackingProgress.key(name, PackingProgress.nameOf(left)),
                    PackingProgress.write(name, left)));
        }
        touched.clear();
        records.addAll(ids.records());
        return records;
    }

    private SequencePacker packer(SplitStamp stamp, String domain) {
        return packers.computeIfAbsent(
                new Place(stamp.getPart(), domain),
                place -> new SequencePacker(stamp, domain, rules.tokens(), rules.endOfText()));
    }

    /** A packer holds up to a sequence in memory and writes it with each transaction, so there are not any number. */
    private String domain(String domain) {
        if (domains.contains(domain) || domain.equals(SHARED_DOMAIN)) {
            return domain;
        }
        if (domains.size() >= rules.mostDomains() || domain.length() > LONGEST_DOMAIN) {
            output.sharedDomain(rules.mostDomains());
            return SHARED_DOMAIN;
        }
        domains.add(domain);
        return domain;
    }

    private ProducerRecord<byte[], byte[]> record(SequencePacker packer, Packed packed) {
        String id = DocumentId.of(packed.ids());
        Document sequence = new Document(
                id,
                Unit.SEQUENCE,
                packer.stamp(),
                name,
                packer.domain(),
                null,
                null,
                null,
                null,
                Map.of(),
                packed.bytes(),
                Arrays.stream(packed.ids()).boxed().toList(),
                rules.tokenizerRevision(),
                packed.covers(),
                "");
        return DocumentRecords.record(topics, sequences++, id, packer.stamp().getPart(), serde.write(sequence));
    }
}
