// SPDX-License-Identifier: Apache-2.0
/** Carries plans out: everything that touches the file system for a login. Imports {@code model} and {@code sys}. */
package org.jns.view;
