// SPDX-License-Identifier: Apache-2.0
package org.jns.recipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes a command line from any bytes: words terminated by NUL, as in the kernel. */
public final class Words {
    private static final int MOST = 64;

    private Words() {}

    /**
     * @param from the first byte that counts
     */
    public static List<String> of(byte[] data, int from) {
        List<String> words = new ArrayList<>();
        int start = Math.min(from, data.length);
        for (int i = start; i < data.length && words.size() < MOST; i++) {
            if (data[i] == 0) {
                words.add(Raw.of(Arrays.copyOfRange(data, start, i)));
                start = i + 1;
            }
        }
        return words;
    }
}
