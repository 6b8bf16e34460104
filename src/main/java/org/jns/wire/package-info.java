// SPDX-License-Identifier: Apache-2.0
/** What the module and the helper say to each other. Pure: imports only {@code model}. The format is described in {@link Codec}. */
package org.jns.wire;
