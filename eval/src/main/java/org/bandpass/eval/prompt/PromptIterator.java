package org.bandpass.eval.prompt;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntPredicate;

/** Draws the shots of each row in turn and builds the prompts of the wanted ones. */
final class PromptIterator implements Iterator<Prompt> {

    private final List<Row> rows;
    private final PromptText text;
    private final IntPredicate wanted;
    private final ShotDraws draws;
    private final boolean shows;
    private int position = -1;
    private int[] drawn = {};

    PromptIterator(List<Row> rows, int shots, PromptText text, IntPredicate wanted) {
        this.rows = rows;
        this.text = text;
        this.wanted = wanted;
        this.draws = new ShotDraws(rows.size(), shots);
        this.shows = shots > 0;
        advance();
    }

    @Override
    public boolean hasNext() {
        return position < rows.size();
    }

    @Override
    public Prompt next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no prompt after row " + rows.size());
        }
        List<Row> shown = new ArrayList<>();
        for (int shot : drawn) {
            shown.add(rows.get(shot));
        }
        Prompt prompt = text.prompt(rows.get(position), shown);
        advance();
        return prompt;
    }

    private void advance() {
        do {
            position++;
            if (shows && hasNext()) {
                drawn = draws.next(position);
            }
        } while (hasNext() && !wanted.test(position));
    }
}
