package org.bandpass.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bandpass.eval.RefusedRunException.Reason;

/** Models for tests: the name of a folder is the revision of its model; a folder named broken is unreadable. */
class FolderNames implements RunModel.Opener {

    private final List<ByteModel> opened = new CopyOnWriteArrayList<>();

    @Override
    public RunModel open(Path folder) {
        String name = folder.getFileName().toString();
        if (name.equals("broken")) {
            throw new RefusedRunException(Reason.UNREADABLE_MODEL, "the model in " + folder + " cannot be read");
        }
        ByteModel model = make(name);
        opened.add(model);
        return model;
    }

    ByteModel make(String revision) {
        return new ByteModel(revision);
    }

    /** Returns every model that was opened. */
    List<ByteModel> opened() {
        return opened;
    }
}
