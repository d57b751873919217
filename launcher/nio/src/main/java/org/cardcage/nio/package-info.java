/** The {@code cage} scheme: one provider for the JVM, which hands over to the provider of each kernel. */
package org.cardcage.nio;
