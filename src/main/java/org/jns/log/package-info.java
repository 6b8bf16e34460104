// SPDX-License-Identifier: Apache-2.0
/** The back end of slf4j: log lines become journal entries with fields, or text if there is no journal. */
package org.jns.log;
